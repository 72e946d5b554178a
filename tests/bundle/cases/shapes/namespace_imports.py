from smolagents import tool

import os.path, xml.dom.minidom
import xml.etree.ElementTree as etree
import importlib.util as util


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(os.path.join('a', str(n))) + xml.dom.minidom.parseString('<a/>').toxml() + etree.Element('b').tag + str(util.find_spec('json') is not None)