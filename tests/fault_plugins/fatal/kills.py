"""Takes the whole process with it when loaded."""

import os

os.abort()
