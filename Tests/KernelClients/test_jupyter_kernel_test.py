"""jupyter_kernel_test, with everything that it can test switched on."""

import jupyter_kernel_test


class NablaKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "nabla"
    language_name = "nabla"
    file_extension = ".nabla"
    code_hello_world = 'print("hello, world")'
    code_stderr = 'warn("oh")'
    completion_samples = [
        {"text": "sigm", "matches": {"sigmoid"}},
        {"text": "leaky", "matches": {"leaky_relu"}},
    ]
    complete_code_samples = ["1 + 1", "x = 2", "f(x) = x^2", "network N {\n input 1\n dense 1, sigmoid\n}"]
    incomplete_code_samples = ["network N {", "x = [1,", "print(", "for i in 1:3 {\n print(i)"]
    invalid_code_samples = ["1 + )", "x = ]"]
    code_page_something = "sigmoid?"
    code_generate_error = "1 / unknown_name"
    code_execute_result = [
        {"code": "1 + 1", "result": "2"},
        {"code": "1 + 2", "result": "3"},
        {"code": "1 + 3", "result": "4"},
    ]
    code_display_data = [{"code": "display(1)", "mime": "text/plain"}]
    code_history_pattern = "1 + 1"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "sigmoid"
    code_clear_output = "clear_output(wait = true)"


class NablaWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "nabla"
    support_iopub_welcome = True


# The base classes are not to be collected by themselves.
del jupyter_kernel_test
