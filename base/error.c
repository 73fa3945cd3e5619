/* error.c: the thread's last error. */
#include "base.h"

#include <stdlib.h>
#include <string.h>

/* Fixed room: setting an error must work when there is no memory. */
enum { MESSAGE_SIZE = 4096 };

static _Thread_local char message[MESSAGE_SIZE];

void sna_error_at(const char *file, int line, int code, const char *format, ...)
{
    /* Formatted aside first: an argument may be the old message itself. */
    char fresh[MESSAGE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(fresh, sizeof fresh, format, arguments);
    va_end(arguments);
    memcpy(message, fresh, sizeof message);
    if (getenv("SONATINA_TRACE") != NULL)
        (void)fprintf(stderr, "sonatina: trace: %s:%d: %s: %s\n", file, line, sna_error_name(code), message);
}

int sna_error_in(int code, const char *format, ...)
{
    char fresh[MESSAGE_SIZE];

    if (code != 0) {
        va_list arguments;
        int length;

        va_start(arguments, format);
        length = vsnprintf(fresh, sizeof fresh, format, arguments);
        va_end(arguments);
        if (length >= 0 && (size_t)length < sizeof fresh) {
            const int room = (int)sizeof fresh - length - 3; /* ": " and the end */
            (void)snprintf(fresh + length, sizeof fresh - (size_t)length, ": %.*s", room > 0 ? room : 0, message);
            memcpy(message, fresh, sizeof message);
        }
    }
    return code;
}

const char *sna_error_message(void)
{
    return message;
}

const char *sna_error_name(int code)
{
    static const char *const name[] = {
        "no error",  "invalid argument", "out of memory", "out of range",     "invalid input", "input/output",
        "not found", "time limit",       "cancelled",     "external failure", "not installed", "not supported",
    };
    const int index = -code;

    return index >= 0 && (size_t)index < sizeof name / sizeof *name ? name[index] : "unknown error";
}

const char *sna_version(void)
{
    return SONATINA_VERSION;
}
