/* number.c: numbers to and from text, with a decimal point whatever the locale says. */
#include "base.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static locale_t c_locale = (locale_t)0;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* Everything but blanks from `end` on is an error. */
static int check_end(const char *text, const char *end, const char *what)
{
    while (isspace((unsigned char)*end))
        end++;
    return *end == '\0' ? 0 : sna_error(SNA_EFORMAT, "`%.80s` is not %s", text, what);
}

int sna_number_parse(double *out, const char *text)
{
    int status = 0;
    char *end = NULL;
    double value;

    *out = 0;
    (void)pthread_once(&c_locale_once, make_c_locale);
    if (c_locale == (locale_t)0) {
        status = sna_error(SNA_ENOMEM, "no memory for the C locale");
        goto out;
    }
    errno = 0;
    value = strtod_l(text, &end, c_locale);
    if (end == text) {
        status = sna_error(SNA_EFORMAT, "`%.80s` is not a number", text);
        goto out;
    }
    status = check_end(text, end, "a number");
    if (status != 0)
        goto out;
    if (errno == ERANGE && fabs(value) > 1) {
        status = sna_error(SNA_ERANGE, "`%.80s` is too large for a number", text);
        goto out;
    }
    *out = value;
out:
    return status;
}

int sna_integer_parse(int64_t *out, const char *text)
{
    int status = 0;
    char *end = NULL;
    long long value;

    *out = 0;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text) {
        status = sna_error(SNA_EFORMAT, "`%.80s` is not an integer", text);
        goto out;
    }
    status = check_end(text, end, "an integer");
    if (status == 0 && errno == ERANGE)
        status = sna_error(SNA_ERANGE, "`%.80s` does not fit in 64 bits", text);
    if (status == 0)
        *out = value;
out:
    return status;
}

int sna_unsigned_parse(uint64_t *out, const char *text)
{
    int status = 0;
    char *end = NULL;
    unsigned long long value;

    *out = 0;
    errno = 0;
    value = strtoull(text, &end, 10);
    if (end == text || strchr(text, '-') != NULL) {
        status = sna_error(SNA_EFORMAT, "`%.80s` is not a whole number of at least 0", text);
        goto out;
    }
    status = check_end(text, end, "a whole number of at least 0");
    if (status == 0 && errno == ERANGE)
        status = sna_error(SNA_ERANGE, "`%.80s` does not fit in 64 bits", text);
    if (status == 0)
        *out = value;
out:
    return status;
}

/* printf with the C locale's decimal point. */
static void print_point(char buffer[SNA_NUMBER_SIZE], int digits, double value)
{
    locale_t old = (locale_t)0;

    (void)pthread_once(&c_locale_once, make_c_locale);
    if (c_locale != (locale_t)0)
        old = uselocale(c_locale);
    (void)snprintf(buffer, SNA_NUMBER_SIZE, "%.*g", digits, value);
    if (old != (locale_t)0)
        (void)uselocale(old);
}

static bool print_special(char buffer[SNA_NUMBER_SIZE], double value)
{
    const bool special = isnan(value) || isinf(value);

    if (special)
        (void)snprintf(buffer, SNA_NUMBER_SIZE, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
    return special;
}

const char *sna_number_text(char buffer[SNA_NUMBER_SIZE], double value)
{
    double back = 0;

    if (print_special(buffer, value))
        return buffer;
    if (value == floor(value) && fabs(value) < 1e15) {
        (void)snprintf(buffer, SNA_NUMBER_SIZE, "%.0f", value == 0 ? 0.0 : value);
        return buffer;
    }
    /* 15 digits always read back for short decimals, 17 always; subnormal numbers have fewer bits, and need fewer. */
    for (int digits = isnormal(value) ? 15 : 1; digits <= 17; digits++) {
        print_point(buffer, digits, value);
        if (sna_number_parse(&back, buffer) == 0 && back == value)
            break;
    }
    return buffer;
}

const char *sna_number_round(char buffer[SNA_NUMBER_SIZE], double value, int digits)
{
    if (print_special(buffer, value))
        return buffer;
    if (value == floor(value) && fabs(value) < 1e15)
        return sna_number_text(buffer, value);
    print_point(buffer, digits, value);
    return buffer;
}
