"""What nbgrader needs to know of Nabla. In a course's nbgrader_config.py: load_subconfig("…/nabla_kernel/nbgrader_config.py")."""

c = get_config()  # noqa: F821 (nbgrader defines it)
c.ClearSolutions.code_stub = {"nabla": "# YOUR CODE HERE"}
