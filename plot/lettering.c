/* lettering.c: texts of a figure: made safe when they come in, measured when they are placed. */
#include "internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static locale_t c_locale = (locale_t)0;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

locale_t sna_plot_locale(void)
{
    (void)pthread_once(&c_locale_once, make_c_locale);
    return c_locale;
}

void sna_lettering_number(char *buffer, size_t size, double value, int places)
{
    const locale_t plain = sna_plot_locale(), before = plain == (locale_t)0 ? (locale_t)0 : uselocale(plain);

    (void)snprintf(buffer, size, "%.*f", places, value);
    if (before != (locale_t)0)
        (void)uselocale(before);
}

static const char REPLACEMENT[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* Length of the valid UTF-8 sequence at `text` (no overlong forms, no surrogates, at most U+10FFFF), or 0; its
 * character in *out. */
static unsigned decode(const unsigned char *text, uint32_t *out)
{
    const unsigned char first = text[0];
    unsigned length = 0;
    uint32_t c = 0, least = 0;

    if (first < 0x80) {
        *out = first;
        return 1;
    }
    if (first >= 0xC2 && first < 0xE0) {
        length = 2;
        c = first & 0x1Fu;
        least = 0x80;
    } else if (first >= 0xE0 && first < 0xF0) {
        length = 3;
        c = first & 0x0Fu;
        least = 0x800;
    } else if (first >= 0xF0 && first < 0xF5) {
        length = 4;
        c = first & 0x07u;
        least = 0x10000;
    }
    for (unsigned i = 1; i < length; i++) {
        if ((text[i] & 0xC0u) != 0x80u) /* also stops at the end of the text */
            return 0;
        c = c << 6 | (text[i] & 0x3Fu);
    }
    if (length == 0 || c < least || (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF)
        return 0;
    *out = c;
    return length;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFE || c == 0xFFFF;
}

int sna_lettering_copy(char **out, const char *text)
{
    int status = 0;
    sna_string clean = SNA_STRING;
    const unsigned char *at = (const unsigned char *)text;

    *out = NULL;
    if (text == NULL)
        goto out;
    status = sna_string_append(&clean, "");
    while (*at != '\0' && status == 0) {
        uint32_t c = 0;
        const unsigned length = decode(at, &c);

        if (c == '\t')
            status = sna_string_append(&clean, " ");
        else if (at[0] == '\r' && at[1] == '\n')
            status = 0; /* the newline behind it counts */
        else if (length == 0 || (is_control(c) && c != '\n'))
            status = sna_string_append(&clean, REPLACEMENT);
        else
            status = sna_string_append_bytes(&clean, at, length);
        at += length == 0 ? 1 : length;
    }
    if (status == 0) {
        *out = clean.text;
        clean = SNA_STRING;
    }
out:
    sna_string_free(&clean);
    return status;
}

int sna_lettering_add(sna_list *list, const char *text)
{
    char *clean = NULL;
    int status = sna_lettering_copy(&clean, text == NULL ? "" : text);

    if (status == 0)
        status = sna_list_add(list, clean);
    free(clean);
    return status;
}

int sna_lettering_name(char **out, const char *text)
{
    enum { ROOM = 320 };
    char *clean = NULL;
    int status = sna_lettering_copy(&clean, text);

    *out = NULL;
    if (status == 0 && clean != NULL)
        status = sna_lettering_shorten(out, clean, SIZE_TICK, ROOM);
    free(clean);
    return status;
}

int sna_lettering_add_name(sna_list *list, const char *text)
{
    char *name = NULL;
    int status = sna_lettering_name(&name, text == NULL ? "" : text);

    if (status == 0)
        status = sna_list_add(list, name);
    free(name);
    return status;
}

uint32_t sna_lettering_next(const char **text)
{
    uint32_t c = 0;
    const unsigned length = decode((const unsigned char *)*text, &c);

    if (length == 0) { /* not reached with texts from sna_lettering_copy */
        c = 0xFFFD;
        (*text)++;
    } else if (c != 0) {
        *text += length;
    }
    return c;
}

/* Marks that stand above or below the character before them, and joiners. */
static bool takes_no_room(uint32_t c)
{
    return (c >= 0x300 && c < 0x370) || (c >= 0x200B && c <= 0x200F) || (c >= 0x20D0 && c < 0x2100) ||
           (c >= 0xFE00 && c < 0xFE10) || c == 0xFEFF;
}

/* East Asian wide characters and pictographs (Unicode's East_Asian_Width, in coarse ranges). */
static bool is_wide(uint32_t c)
{
    return (c >= 0x1100 && c < 0x1160) || (c >= 0x2E80 && c < 0xA4D0) || (c >= 0xAC00 && c < 0xD7A4) ||
           (c >= 0xF900 && c < 0xFB00) || (c >= 0xFE30 && c < 0xFE70) || (c >= 0xFF00 && c < 0xFF61) ||
           (c >= 0x1F300 && c < 0x1FAFF) || (c >= 0x20000 && c < 0x3FFFE);
}

/* Advance widths of DejaVu Sans, in hundredths of the size, for blank .. tilde. */
static const unsigned char advance[] = {
    32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
};

static double character_width(uint32_t c)
{
    double hundredths = 66; /* the mean of accented Latin, Greek and Cyrillic letters, rounded up */

    if (c >= 0x20 && c < 0x7F)
        hundredths = advance[c - 0x20];
    else if (takes_no_room(c))
        hundredths = 0;
    else if (is_wide(c))
        hundredths = 105;
    else if (c == 0xB1 || c == 0xD7 || c == 0x2212)
        hundredths = 84;
    else if (c == 0xB9 || c == 0xB2 || c == 0xB3 || (c >= 0x2070 && c < 0x20A0))
        hundredths = 40;
    else if (c >= 0x2010 && c < 0x2BFF)
        hundredths = 100;
    return hundredths / 100;
}

double sna_lettering_width(const char *text, double size, bool bold)
{
    double widest = 0, line = 0;
    uint32_t c;

    while ((c = sna_lettering_next(&text)) != 0) {
        line = c == '\n' ? 0 : line + character_width(c);
        widest = line > widest ? line : widest;
    }
    return widest * size * (bold ? 1.11 : 1.0);
}

uint64_t sna_lettering_lines(const char *text)
{
    uint64_t lines = 1;

    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

uint64_t sna_lettering_columns(const char *text)
{
    uint64_t columns = 0;
    uint32_t c;

    while ((c = sna_lettering_next(&text)) != 0 && c != '\n')
        columns += takes_no_room(c) ? 0 : is_wide(c) ? 2 : 1;
    return columns;
}

int sna_lettering_wrap(sna_string *out, const char *text, double size, bool bold, double width)
{
    int status = sna_string_append(out, "");
    uint64_t line = out->length; /* where the current line starts */

    while (*text != '\0' && status == 0) {
        const size_t word = strcspn(text, " \n");
        const uint64_t before = out->length;

        status = sna_string_append_bytes(out, text, word);
        if (status == 0 && before > line && sna_lettering_width(out->text + line, size, bold) > width) {
            out->text[before - 1] = '\n'; /* the blank in front of the word */
            line = before;
        }
        text += word;
        if (status == 0 && *text != '\0') {
            status = sna_string_append_bytes(out, text, 1);
            if (*text == '\n')
                line = out->length;
            text++;
        }
    }
    return status;
}

int sna_lettering_shorten(char **out, const char *text, double size, double width)
{
    int status = 0;
    const size_t line = strcspn(text, "\n");
    const char *at = text, *end = text;
    double used = 0;
    const double room = width / size - 1; /* without the ellipsis */
    char *copy = strndup(text, line);

    *out = NULL;
    if (copy == NULL) {
        status = sna_error(SNA_ENOMEM, "no memory for a text of %zu bytes", line);
        goto out;
    }
    if (sna_lettering_width(copy, size, false) <= width) {
        *out = copy;
        copy = NULL;
        goto out;
    }
    while (at < text + line) {
        used += character_width(sna_lettering_next(&at));
        if (used > room)
            break;
        end = at;
    }
    status = sna_text_format(out, "%.*s…", (int)(end - text), text);
out:
    free(copy);
    return status;
}

int sna_lettering_axis(char **out, const char *label, const char *unit)
{
    const bool has_label = label != NULL && label[0] != '\0', has_unit = unit != NULL && unit[0] != '\0';

    *out = NULL;
    if (has_label && has_unit)
        return sna_text_format(out, "%s (%s)", label, unit);
    if (has_label || has_unit)
        return sna_text_copy(out, has_label ? label : unit);
    return 0;
}
