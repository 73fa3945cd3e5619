/* templates.c: which templates hoc files define, and which files of a folder a template needs. Read as text, not run.
 */
#include "internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

bool sna_hoc_is_name(const char *text)
{
    if (!isalpha((unsigned char)text[0]) && text[0] != '_')
        return false;
    while (is_word(*text))
        text++;
    return *text == '\0';
}

/* Adds the names behind `begintemplate` in a hoc text, comments and strings left out. */
static int find_templates(sna_list *out, const char *text)
{
    static const char word[] = "begintemplate";
    int status = 0;
    char last = '\n';

    while (*text != '\0' && status == 0) {
        if (text[0] == '/' && text[1] == '/') {
            text += strcspn(text, "\n");
        } else if (text[0] == '/' && text[1] == '*') {
            const char *end = strstr(text + 2, "*/");
            text = end == NULL ? text + strlen(text) : end + 2;
        } else if (text[0] == '"') {
            text++;
            while (*text != '\0' && *text != '"' && *text != '\n')
                text += text[0] == '\\' && text[1] != '\0' ? 2 : 1;
            text += *text != '\0';
        } else if (!is_word(last) && strncmp(text, word, sizeof word - 1) == 0 && !is_word(text[sizeof word - 1])) {
            char *name = NULL;
            size_t length = 0;
            text += sizeof word - 1;
            text += strspn(text, " \t\r\n");
            while (is_word(text[length]))
                length++;
            if (length > 0) {
                status = sna_text_format(&name, "%.*s", (int)length, text);
                if (status == 0 && sna_list_find(out, name) < 0)
                    status = sna_list_add(out, name);
            }
            free(name);
            text += length;
            last = 'x';
            continue;
        } else {
            last = *text++;
            continue;
        }
        last = ' ';
    }
    return status;
}

int sna_templates_of_file(sna_list *out, const char *path)
{
    int status = 0;
    char *text = NULL;
    uint64_t size;

    status = sna_file_read(&text, &size, path);
    if (status == 0)
        status = find_templates(out, text);
    free(text);
    return status;
}

/* The next place where `name` stands in a hoc text as a word, NULL when there is none. */
static const char *find_word(const char *text, const char *start, const char *name)
{
    const size_t length = strlen(name);

    for (const char *at = start; (at = strstr(at, name)) != NULL; at += length) {
        if ((at == text || !is_word(at[-1])) && !is_word(at[length]))
            return at;
    }
    return NULL;
}

/* Whether a hoc text makes `name`: "proc name", "objref name", "name = ". */
static bool makes(const char *text, const char *name)
{
    static const char *const words[] = {"proc", "func", "obfunc", "iterator", "objref", "objectvar", "strdef"};

    for (const char *at = text; (at = find_word(text, at, name)) != NULL; at++) {
        const char *end = at, *behind = at + strlen(name) + strspn(at + strlen(name), " \t");
        while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            const size_t length = strlen(words[i]);
            if ((size_t)(end - text) >= length && strncmp(end - length, words[i], length) == 0 &&
                ((size_t)(end - text) == length || !is_word(end[-(ptrdiff_t)length - 1])))
                return true;
        }
        if (behind[0] == '=' && behind[1] != '=')
            return true;
    }
    return false;
}

/* Whether the text needs the other one: it speaks of a template defined there, or takes from outside ("external a, b")
 * what is made there. */
static bool needs(const char *text, const char *other, const sna_list *defined)
{
    for (uint64_t k = 0; k < defined->count; k++) {
        if (find_word(text, text, defined->text[k]) != NULL)
            return true;
    }
    for (const char *at = text; (at = find_word(text, at, "external")) != NULL;) {
        at += strlen("external");
        do {
            char name[64];
            size_t length = 0;
            at += strspn(at, " \t,");
            while (is_word(at[length]))
                length++;
            if (length > 0 && length < sizeof name) {
                (void)snprintf(name, sizeof name, "%.*s", (int)length, at);
                if (makes(other, name))
                    return true;
            }
            at += length;
        } while (at[strspn(at, " \t")] == ',');
    }
    return false;
}

/* A folder of templates on the way to those that are needed. */
typedef struct {
    const sna_list *file; /* their paths */
    char **text;          /* [file->count] what they hold */
    sna_list *defined;    /* [file->count] the templates in each */
    bool *seen;           /* [file->count] */
    sna_list needed;      /* paths, each behind those that it needs */
} library_folder;

/* Adds the file, and before it those that it needs. */
static int need_file(library_folder *self, uint64_t file)
{
    int status = 0;

    if (self->seen[file])
        return 0;
    self->seen[file] = true;
    for (uint64_t i = 0; i < self->file->count && status == 0; i++) {
        if (!self->seen[i] && needs(self->text[file], self->text[i], &self->defined[i]))
            status = need_file(self, i);
    }
    return status == 0 ? sna_list_add(&self->needed, self->file->text[file]) : status;
}

int sna_templates_keep_needed(sna_list *hoc, const char *template_name)
{
    int status = 0;
    const uint64_t count = hoc->count;
    library_folder folder = {.file = hoc, .needed = SNA_LIST};
    uint64_t size, first = count;

    status = sna_allocate(&folder.text, count, sizeof *folder.text);
    if (status == 0)
        status = sna_allocate(&folder.defined, count, sizeof *folder.defined);
    if (status == 0)
        status = sna_allocate(&folder.seen, count, sizeof *folder.seen);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        status = sna_file_read(&folder.text[i], &size, hoc->text[i]);
        if (status == 0)
            status = find_templates(&folder.defined[i], folder.text[i]);
        if (status != 0 || sna_list_find(&folder.defined[i], template_name) < 0)
            continue;
        if (first < count)
            status = sna_error(SNA_EINVAL, "two files define the template `%s`, %s and %s: say which one with --hoc",
                               template_name, hoc->text[first], hoc->text[i]);
        first = first < count ? first : i;
    }
    if (status == 0 && first < count)
        status = need_file(&folder, first);
    if (status == 0 && first < count) {
        const sna_list all = *hoc;
        *hoc = folder.needed;
        folder.needed = all;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (folder.text != NULL)
            free(folder.text[i]);
        if (folder.defined != NULL)
            sna_list_free(&folder.defined[i]);
    }
    free(folder.text);
    free(folder.defined);
    free(folder.seen);
    sna_list_free(&folder.needed);
    return status;
}
