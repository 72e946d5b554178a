from smolagents import tool
if True:
	@tool
	def tabbed(text: str) -> str:
		"""Tabbed.

		Args:
			text: Text.
		"""
		return text + """
	x"""
