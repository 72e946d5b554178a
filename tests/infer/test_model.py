from toolreg.effects import Effect
from toolreg.infer import Evidence, Inference, Unresolved

NET_ANY = Evidence(Effect("net", "*"), "t.py", 4, ("t", "requests.get"))
HOST_OPEN = Unresolved("t.py", 4, "the host is computed from `q`", "net", Effect("net", "*"), ("q",))


def test_an_unknown_target_is_one_question_and_not_an_undeclared_effect_too() -> None:
    found = Inference((NET_ANY,), (HOST_OPEN,))
    assert found.undeclared([]) == ()
    assert found.unsettled([]) == (HOST_OPEN,)


def test_a_wildcard_settles_an_unknown_target() -> None:
    assert Inference((NET_ANY,), (HOST_OPEN,)).unsettled([Effect("net", "*")]) == ()


def test_a_parameter_settles_a_target_made_of_it_alone() -> None:
    found = Inference((NET_ANY,), (HOST_OPEN,))
    assert found.unsettled([Effect("net", "{q}")]) == ()
    assert found.unsettled([Effect("net", "{other}")]) == (HOST_OPEN,)
    assert found.unsettled([Effect("read", "{q}")]) == (HOST_OPEN,)


def test_nothing_declared_settles_what_may_be_any_effect() -> None:
    anything = Unresolved("t.py", 3, "effects of package `x` are unknown")
    every = [Effect("net", "*", "deletes"), Effect("read", "*"), Effect("write", "*"), Effect("code", "*")]
    assert Inference((), (anything,)).unsettled(every) == (anything,)


def test_an_unknown_method_wants_the_worst_declared() -> None:
    question = Unresolved(
        "t.py", 1, "the HTTP method is not known", "net", Effect("net", "a.example", "deletes")
    )
    assert not question.settled_by([Effect("net", "a.example", "writes")])
    assert question.settled_by([Effect("net", "a.example", "deletes")])


def test_evidence_that_is_declared_is_not_undeclared() -> None:
    read = Evidence(Effect("read", "data/a.csv"), "t.py", 2, ("t", "open"))
    assert Inference((read,), ()).undeclared([Effect("read", "data")]) == ()
    assert Inference((read,), ()).undeclared([Effect("read", "other")]) == (read,)
