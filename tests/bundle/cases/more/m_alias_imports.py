from smolagents import tool
import os.path as osp, json as _json
import xml.etree.ElementTree as ET
import concurrent.futures
import urllib.parse, urllib.request as rq
from datetime import datetime as dt, timedelta as td, timezone
from math import *
from os import path as p2


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    root = ET.fromstring("<a><b>1</b></a>")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        x = pool.submit(pow, n, 2).result()
    return osp.join("a", "b") + _json.dumps(urllib.parse.quote("a b")) + root[0].text + str(x) + str(dt(2020, 1, 1, tzinfo=timezone.utc) + td(days=n)) + str(floor(2.5)) + p2.basename("/a/b")
