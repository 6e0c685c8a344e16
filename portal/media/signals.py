from django.dispatch import Signal

file_read = Signal()  # user, file, pages: a checked file goes to a reader
