/* plot_connection.c: sonatina plot connection */
#include <string.h>

#include "commands.h"
#include "connection.h"

/* The kinds with their purposes, which stand in the table of commands. */
static void print_kinds(FILE *stream)
{
    for (const connection_kind *const *kind = connection_kinds; *kind != NULL; kind++) {
        for (const command *each = commands; each->group != NULL; each++) {
            if (strcmp(each->group, "connection") == 0 && each->name != NULL && strcmp(each->name, (*kind)->name) == 0)
                (void)fprintf(stream, "  %-24s %s\n", (*kind)->name, each->purpose);
        }
    }
}

static void print_help(FILE *stream)
{
    (void)fputs("Usage: sonatina plot connection KIND [OPTION...] CONFIG\n"
                "Draws connections between groups of cells: the picture of `sonatina connection KIND`.\n\n",
                stream);
    print_kinds(stream);
    (void)fputs("\n"
                "  -?, --help     Give this help list; after KIND, what that takes\n\n"
                "Example:\n  sonatina plot connection percent config.json --sids pop_name -o percent.png\n",
                stream);
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0 || strcmp(word, "-h") == 0;
}

/* Ends the command with what there is. */
static int refuse(const char *word)
{
    enum { MOST = 32 };
    const char *name[MOST] = {NULL}, *guess;
    uint64_t count = 0;
    sna_string list = SNA_STRING;
    int status = 0;

    for (const connection_kind *const *kind = connection_kinds; *kind != NULL && count < MOST; kind++) {
        status = status == 0 ? sna_string_format(&list, "%s%s", count > 0 ? ", " : "", (*kind)->name) : status;
        name[count++] = (*kind)->name;
    }
    guess = sna_closest(word, name, count);
    if (status == 0)
        status = sna_error(SNA_EINVAL, "`%s` is no kind of connections%s%s%s. There is: %s", word,
                           guess != NULL ? ", did you mean `" : "", guess != NULL ? guess : "",
                           guess != NULL ? "`" : "", sna_string_text(&list));
    sna_string_free(&list);
    return status;
}

int plot_connection(int argc, char **argv)
{
    char name[96];
    const connection_kind *const *kind = connection_kinds;

    if (argc > 1 && asks_for_help(argv[1])) {
        print_help(stdout);
        return 0;
    }
    if (argc < 2 || argv[1][0] == '-') {
        print_help(stderr);
        return sna_error(SNA_EINVAL, "plot connection: KIND is missing");
    }
    while (*kind != NULL && strcmp((*kind)->name, argv[1]) != 0)
        kind++;
    if (*kind == NULL)
        return refuse(argv[1]);
    (void)snprintf(name, sizeof name, "%s %s", argv[0], argv[1]);
    argv[1] = name;
    return connection_kind_run(*kind, true, argc - 1, argv + 1);
}
