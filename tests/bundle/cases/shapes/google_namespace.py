from smolagents import tool


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """

    from google.cloud import storage, bigquery as bq
    import google.protobuf.json_format
    from google import genai
    import google.auth
    return str(n)
