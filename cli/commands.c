/* commands.c: the table of commands. A new command is one file, one declaration and one line here. */
#include "commands.h"

#include "command.h"

const command_group command_groups[] = {
    {NULL, NULL},
};

const command commands[] = {
    {NULL, NULL, NULL, NULL},
};
