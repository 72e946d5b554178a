from smolagents import tool
def Tool_(x): return x
class AgentText(str): pass
def validate_after_init(x): return x + 1
def launch_gradio_demo(x): return x * 2
def forward(x): return "fwd" + str(x)
name = "not the tool's"
description = "nor this"
inputs = {"x": 1}
output_type = 5


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return AgentText(forward(validate_after_init(launch_gradio_demo(n)))) + name + description + str(inputs) + str(output_type)
