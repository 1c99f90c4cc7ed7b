#include <sqlite3.h>

// A destructor that is no function: SQLite copies what it is given.
static inline sqlite3_destructor_type nabla_sqlite_copies(void) { return SQLITE_TRANSIENT; }
