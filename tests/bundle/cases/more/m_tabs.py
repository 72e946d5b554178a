from smolagents import tool
import json

def helper(x):
	if x:
		return json.dumps({
			"a": x,
		})
	return "	"

@tool
def run_it(n: int) -> str:
	"""Do the thing.

	Args:
		n: A value.
	"""
	return helper(n) + """
	tab
"""
