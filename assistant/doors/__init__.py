"""Where people and programs come in.

HTTP, OpenAI clients, MCP, the command line, the widget and the pages. Takes requests; gives
answers as each of them reads answers. No answer is made here.
"""
