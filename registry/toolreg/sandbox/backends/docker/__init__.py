"""Calls in containers: Docker's or podman's, one a call, gone with it."""
