"""Lists of organisations as workbooks: the template, reading, cells, the file with reasons. Kept free of Django's
start-up where the child process reads (`sheet`).
"""
