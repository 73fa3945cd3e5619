/* main.c: finds the command, runs it, and turns what it returns into an exit status. */
#include "command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sonata/sonata.h"
#include "version.h"

static void print_commands(FILE *stream, const char *group)
{
    for (const command *each = commands; each->group != NULL; each++) {
        char name[64];
        if (strcmp(each->group, group) != 0)
            continue;
        (void)snprintf(name, sizeof name, "%s%s%s", each->group, each->name == NULL ? "" : " ",
                       each->name == NULL ? "" : each->name);
        (void)fprintf(stream, "  %-24s %s\n", name, each->purpose);
    }
}

static void print_help(FILE *stream)
{
    (void)fputs("Usage: sonatina GROUP COMMAND [OPTION...]\n"
                "Neural models with NEURON and SONATA files: measure cells, build networks, look into them.\n",
                stream);
    for (const command_group *group = command_groups; group->name != NULL; group++) {
        (void)fprintf(stream, "\n%s\n", group->purpose);
        print_commands(stream, group->name);
    }
    (void)fputs(
        "\n"
        "  sonatina GROUP                   lists the commands of a group\n"
        "  sonatina GROUP COMMAND --help    explains one, with an example\n"
        "  sonatina --version               versions of sonatina and what it uses\n"
        "\n"
        "Exit status: 0 done, 1 it failed, 2 the command line was wrong, 3 the input was read and is not valid.\n",
        stream);
}

/* For scripts (manual pages, completion): the words of every command, a tab, its purpose. */
static void print_list(FILE *stream)
{
    for (const command *each = commands; each->group != NULL; each++)
        (void)fprintf(stream, "%s%s%s\t%s\n", each->group, each->name == NULL ? "" : " ",
                      each->name == NULL ? "" : each->name, each->purpose);
}

static const command_group *find_group(const char *name)
{
    const command_group *group = command_groups;

    while (group->name != NULL && strcmp(group->name, name) != 0)
        group++;
    return group->name == NULL ? NULL : group;
}

/* The command of that name in a group; `name` NULL finds the one without a name. */
static const command *find_command(const char *group, const char *name)
{
    for (const command *each = commands; each->group != NULL; each++) {
        if (strcmp(each->group, group) == 0 &&
            (name == NULL || each->name == NULL ? each->name == name : strcmp(each->name, name) == 0))
            return each;
    }
    return NULL;
}

/* "sonatina: unknown command `X`, did you mean `Y`?" */
static int unknown(const char *group, const char *word)
{
    enum { MOST = 128 };
    const char *candidate[MOST] = {NULL};
    uint64_t count = 0;
    const char *guess;

    if (group == NULL) {
        for (const command_group *each = command_groups; each->name != NULL && count < MOST; each++)
            candidate[count++] = each->name;
        candidate[count++] = "help";
    } else {
        for (const command *each = commands; each->group != NULL && count < MOST; each++) {
            if (strcmp(each->group, group) == 0 && each->name != NULL)
                candidate[count++] = each->name;
        }
    }
    guess = sna_closest(word, candidate, count);
    (void)fprintf(stderr, "sonatina: unknown command `%s%s%s`", group == NULL ? "" : group, group == NULL ? "" : " ",
                  word);
    if (guess != NULL)
        (void)fprintf(stderr, ", did you mean `%s%s%s`?\n", group == NULL ? "" : group, group == NULL ? "" : " ",
                      guess);
    else
        (void)fprintf(stderr, "; `sonatina %s` lists what there is\n", group == NULL ? "help" : group);
    return EXIT_USAGE;
}

static int exit_status(int status)
{
    switch (status) {
    case 0:
        return EXIT_DONE;
    case SNA_EINVAL:
        return EXIT_USAGE;
    case SNA_EFORMAT:
        return EXIT_INVALID;
    default:
        return status > 0 ? status : EXIT_FAILED;
    }
}

/* `| head` has seen enough: no reason to complain. */
static bool reader_is_gone(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

/* Standard output is checked once, at the end: a full disk or a closed pipe must not look like success. */
static int finish_output(int status)
{
    const int failed = ferror(stdout);
    const bool reader_gone = reader_is_gone();

    errno = 0;
    if (fclose(stdout) != 0 || failed) {
        if (!reader_gone && status == EXIT_DONE)
            (void)fprintf(stderr, "sonatina: writing the result failed: %s\n",
                          errno != 0 ? strerror(errno) : "output error");
        if (status == EXIT_DONE)
            status = EXIT_FAILED;
    }
    return status;
}

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    sna_cancel();
}

static int run(const command *chosen, int argc, char **argv, int words)
{
    char name[96];
    int status;
    /* The first interrupt asks for an orderly end; a second one is not caught. */
    struct sigaction interrupt = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};

    (void)sigaction(SIGINT, &interrupt, NULL);
    (void)sigaction(SIGTERM, &interrupt, NULL);
    sna_crash_explain(EXIT_INVALID);
    (void)snprintf(name, sizeof name, "sonatina %s%s%s", chosen->group, chosen->name == NULL ? "" : " ",
                   chosen->name == NULL ? "" : chosen->name);
    argv[words - 1] = name;
    status = chosen->run(argc - words + 1, argv + words - 1);
    /* Of several processes one speaks for all. */
    if (status < 0 && sna_rank() == 0 && !(ferror(stdout) && reader_is_gone())) {
        (void)fflush(stdout);
        (void)fprintf(stderr, "sonatina: %s\n", sna_error_message());
    }
    return exit_status(status);
}

static int dispatch(int argc, char **argv)
{
    const command_group *group;
    const command *chosen;
    int at = 1;

    if (at < argc && strcmp(argv[at], "util") == 0 && at + 1 < argc)
        at++; /* bmtool's habit: `util cell ...` */
    if (at >= argc || strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0 || strcmp(argv[at], "-?") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[at], "--version") == 0 || strcmp(argv[at], "-V") == 0)
        return exit_status(version_print(stdout));
    if (strcmp(argv[at], "--commands") == 0) {
        print_list(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[at], "help") == 0) {
        char ask[] = "--help";
        char *words[] = {argv[0], at + 1 < argc ? argv[at + 1] : ask, at + 2 < argc ? argv[at + 2] : ask, ask, NULL};
        return dispatch(at + 2 < argc ? 4 : at + 1 < argc ? 3 : 2, words);
    }
    if (argv[at][0] == '-') {
        (void)fprintf(stderr, "sonatina: unknown option `%s`; `sonatina --help` lists the commands\n", argv[at]);
        return EXIT_USAGE;
    }
    group = find_group(argv[at]);
    if (group == NULL)
        return unknown(NULL, argv[at]);
    /* A group may be a command itself (`report CONFIG`) and have others (`report info FILE`): a name goes first. */
    chosen = at + 1 < argc ? find_command(group->name, argv[at + 1]) : NULL;
    if (chosen != NULL)
        return run(chosen, argc, argv, at + 2);
    chosen = find_command(group->name, NULL);
    if (chosen != NULL)
        return run(chosen, argc, argv, at + 1);
    if (at + 1 >= argc || strcmp(argv[at + 1], "--help") == 0 || strcmp(argv[at + 1], "-h") == 0 ||
        strcmp(argv[at + 1], "-?") == 0) {
        (void)printf("Usage: sonatina %s COMMAND [OPTION...]\n%s\n\n", group->name, group->purpose);
        print_commands(stdout, group->name);
        (void)printf("\n  sonatina %s COMMAND --help    explains one, with an example\n", group->name);
        return EXIT_DONE;
    }
    return unknown(group->name, argv[at + 1]);
}

int main(int argc, char **argv)
{
    /* A reader that goes away (`| head`) is seen as a write error, not a signal that skips the clean-up. */
    (void)signal(SIGPIPE, SIG_IGN);
    return finish_output(dispatch(argc, argv));
}
