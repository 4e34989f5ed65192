/* rivers.c — asks SQLite a question and prints the answer. */
#include <sqlite3.h>
#include <stdio.h>

static const char *const QUESTION =
    "CREATE TABLE river (name TEXT, continent TEXT, length_km INTEGER);"
    "INSERT INTO river VALUES"
    " ('Nile', 'Africa', 6650), ('Congo', 'Africa', 4700), ('Amazon', 'South America', 6400),"
    " ('Yangtze', 'Asia', 6300), ('Danube', 'Europe', 2850), ('Volga', 'Europe', 3530);"
    "SELECT continent, name, max(length_km) FROM river GROUP BY continent ORDER BY 3 DESC;";

static int print_row(void *unused, int count, char **values, char **names) {
  (void)unused;
  (void)names;
  for (int i = 0; i < count; i++) printf("%s%s", values[i], i + 1 < count ? " | " : "\n");
  return 0;
}

int main(void) {
  sqlite3 *database;
  char *message = NULL;
  printf("SQLite %s\n", sqlite3_libversion());
  if (sqlite3_open(":memory:", &database) != SQLITE_OK ||
      sqlite3_exec(database, QUESTION, print_row, NULL, &message) != SQLITE_OK) {
    fprintf(stderr, "%s\n", message ? message : sqlite3_errmsg(database));
    return 1;
  }
  return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
