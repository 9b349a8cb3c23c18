"""修订 and 引用: a policy that speaks of other files becomes whole trees, one a period. The stage before lowering.

``documents`` reads each file for itself (``neighbours`` finds it), ``vocabulary`` adds what a policy takes from others,
``changes`` carries an amendment out, ``versions`` cuts time at the days on which amendments begin and end.
"""

from policydsl.amending.documents import names_beside, read, speaks
from policydsl.amending.versions import Version, versions

__all__ = ["Version", "names_beside", "read", "speaks", "versions"]
