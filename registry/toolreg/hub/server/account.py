"""Who am I, and may I: whoami and the auth checks."""

from __future__ import annotations

from starlette.responses import Response

from toolreg.hub.server.http import Call, Refusal, reply


def whoami(call: Call) -> Response:
    """GET /api/whoami-v2"""
    who = call.who
    if not who.known:
        raise Refusal(401, "Invalid username or password.")
    organizations = [
        {"type": "org", "id": n, "name": n, "roleInOrg": "write"} for n in who.namespaces if n != who.name
    ]
    return reply(
        {
            "type": "user",
            "id": who.name,
            "name": who.name,
            "fullname": who.name,
            "email": f"{who.name}@localhost",
            "emailVerified": True,
            "isPro": False,
            "canPay": False,
            "avatarUrl": "",
            "orgs": organizations,
            "auth": {"type": "access_token", "accessToken": {"displayName": "toolreg", "role": who.role}},
        }
    )


def auth_check(call: Call) -> Response:
    """GET /api/spaces/{id}/auth-check[/write]"""
    call.repository(write=call.path.get("right") == "write")
    return reply({})
