# ruff: noqa: N999
"""What a field of each type holds, as annotations of controllers name it: `title: DF.Data`.

Invariant: each name is a type that the field's values have in Python, empty values left out.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal

Date = str | date
Datetime = str | datetime
Time = str | time | timedelta
Select = Literal
Table = list
TableMultiSelect = list
Attach = str
AttachImage = str
Autocomplete = str
Barcode = str
Code = str
Color = str
Data = str
DynamicLink = str
Geolocation = str
HTMLEditor = str
Icon = str
ImageField = str
JSON = str
Link = str
LongText = str
MarkdownEditor = str
Password = str
Phone = str
ReadOnly = str
SmallText = str
Text = str
TextEditor = str
Currency = float
Duration = float
Float = float
Percent = float
Rating = float
Check = int
Int = int
