# ruff: noqa: F821, BLE001
# Appended to the proof's child: the same tool the way smolagents itself saves it. Runs inside the sandbox only.


def stock(request):
    """Construct the source and save it as smolagents does."""
    stub_missing(request.get("stubs", []))
    module, failure = _import_source(request, stock=True)
    if failure:
        return {"error": failure}
    try:
        namespace = vars(module)
        inner = functools.partial(inside, namespace)
        tool = eval(request["target"], {**namespace, "_stand_in": _StandIn(), "_inside": inner})
        answer = _judged(tool, request, namespace)
    except BaseException as error:
        return {"error": _exception(error)}
    try:
        saved = tool.to_dict()
        return {**answer, "code": saved["code"], "requirements": saved["requirements"]}
    except BaseException as error:
        return {**answer, "save_error": _exception(error)}
