"""What Python's tools are told about Nabla: colours for pages, parameters for papermill. The kernel itself is `nabla`."""
