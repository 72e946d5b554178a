from . import _version
def loud(text):
    return text.upper() + _version.VERSION
