def grading_context(grading):
    return {}
