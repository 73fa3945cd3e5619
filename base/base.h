/* base.h: what every room of the house stands on: errors, memory, text, numbers, tables and records, JSON and CSV,
 * random numbers, progress, threads, files and child processes.
 *
 * A function that can fail returns 0 or a negative SNA_E... code and leaves a sentence in sna_error_message(). Objects
 * are create / use / free; freeing NULL, or an object whose creation failed, does nothing. */
#ifndef SNA_BASE_H
#define SNA_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SNA_CHECK_RESULT __attribute__((warn_unused_result))
#define SNA_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* ---- errors ------------------------------------------------------------------------------------------------- */

enum {
    SNA_EINVAL = -1,       /* an argument of the call (or an option of the command) makes no sense */
    SNA_ENOMEM = -2,       /* out of memory */
    SNA_ERANGE = -3,       /* an index or id outside what it indexes */
    SNA_EFORMAT = -4,      /* an input was read and is not valid */
    SNA_EIO = -5,          /* the system refused to read or write */
    SNA_ENOTFOUND = -6,    /* a file, population, column, template... that was named does not exist */
    SNA_ETIMEOUT = -7,     /* a time limit ran out */
    SNA_ECANCELLED = -8,   /* the user stopped it (sna_cancel) */
    SNA_EEXTERNAL = -9,    /* NEURON, a compiler, gnuplot... ran and failed */
    SNA_EMISSING = -10,    /* a program or library that this needs is not installed */
    SNA_EUNSUPPORTED = -11 /* valid, but not handled */
};

/* Sets this thread's last error to the formatted sentence and returns `code`, so that the place where a fault is found
 * reads `status = sna_error(SNA_EFORMAT, "...", ...); goto out;`. With the environment variable SONATINA_TRACE set, the
 * source line that raised it is printed on stderr. */
#define sna_error(code, ...) (sna_error_at(__FILE__, __LINE__, (code), __VA_ARGS__), (code))
void sna_error_at(const char *file, int line, int code, const char *format, ...) SNA_PRINTF(4, 5);

/* Puts "context: " before the last error on its way up and returns `code` unchanged:
 * `status = sna_error_in(status, "%s", path)`. Nothing happens when `code` is 0. */
int sna_error_in(int code, const char *format, ...) SNA_PRINTF(2, 3);

/* This thread's last error, never NULL; "" before the first. */
const char *sna_error_message(void);

/* A word for a code, e.g. "out of memory" for SNA_ENOMEM. */
const char *sna_error_name(int code);

/* ---- memory ------------------------------------------------------------------------------------------------- */

/* `count` zeroed elements of `size` bytes in *out (NULL when count is 0). Errors: SNA_ENOMEM, also when the product
 * does not fit. Free with free(). `out` is the address of a pointer of any object type. */
int sna_allocate(void *out, uint64_t count, size_t size) SNA_CHECK_RESULT;

/* Grows an array to hold at least `needed` elements of `size` bytes: returns the (moved) array and updates *capacity,
 * or returns NULL and leaves array and *capacity as they were, with the error set (SNA_ENOMEM). New room is zeroed.
 * Capacity doubles, so that appending costs constant time. Use as
 *     T *grown = sna_grow(list, &capacity, n + 1, sizeof *list);
 *     if (grown == NULL) { status = SNA_ENOMEM; goto out; }
 *     list = grown; */
void *sna_grow(void *array, uint64_t *capacity, uint64_t needed, size_t size) SNA_CHECK_RESULT;

/* ---- text --------------------------------------------------------------------------------------------------- */

/* A growing piece of text, always terminated. Start from SNA_STRING. `text` is NULL until something is appended;
 * sna_string_text gives "" then. */
typedef struct {
    char *text;
    uint64_t length, capacity;
} sna_string;
#define SNA_STRING ((sna_string){NULL, 0, 0})

int sna_string_append(sna_string *self, const char *text) SNA_CHECK_RESULT;
int sna_string_append_bytes(sna_string *self, const void *bytes, uint64_t count) SNA_CHECK_RESULT;
int sna_string_format(sna_string *self, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);
const char *sna_string_text(const sna_string *self);
void sna_string_free(sna_string *self);

/* A copy of `text` / the formatted text in *out; free() it. Errors: SNA_ENOMEM. */
int sna_text_copy(char **out, const char *text) SNA_CHECK_RESULT;
int sna_text_format(char **out, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);

/* A growing list of texts that it owns. Start from SNA_LIST. */
typedef struct {
    char **text; /* [count] */
    uint64_t count, capacity;
} sna_list;
#define SNA_LIST ((sna_list){NULL, 0, 0})

int sna_list_add(sna_list *self, const char *text) SNA_CHECK_RESULT;
/* Index of `text` in the list, or -1. */
int64_t sna_list_find(const sna_list *self, const char *text);
/* Splits `text` at each `separator`, trims blanks, and adds every piece that is not empty. */
int sna_list_split(sna_list *self, const char *text, char separator) SNA_CHECK_RESULT;
/* "a, b, c" for messages, at most `most` entries and then "... (n in all)"; append to *out. */
int sna_list_join(const sna_list *self, uint64_t most, sna_string *out) SNA_CHECK_RESULT;
void sna_list_free(sna_list *self);

/* The candidate that `word` was probably meant to be (restricted Damerau-Levenshtein distance at most a third of its
 * length, at least 1), or NULL. */
const char *sna_closest(const char *word, const char *const *candidates, uint64_t count);

/* ---- paths -------------------------------------------------------------------------------------------------- */

/* folder/name, or a copy of `name` where it is absolute or `folder` is NULL or "". */
int sna_path_join(char **out, const char *folder, const char *name) SNA_CHECK_RESULT;
/* The folder part of a path, "." when there is none. */
int sna_path_folder(char **out, const char *path) SNA_CHECK_RESULT;
/* The part behind the last slash (points into `path`). */
const char *sna_path_name(const char *path);
/* The absolute path of an existing file, links resolved. Errors: SNA_ENOTFOUND, SNA_EIO, SNA_ENOMEM. */
int sna_path_real(char **out, const char *path) SNA_CHECK_RESULT;
/* How to get from a folder to a file or folder, both absolute and without links (sna_path_real): "../synapses". */
int sna_path_relative(char **out, const char *folder, const char *path) SNA_CHECK_RESULT;
/* Makes a folder and its parents; nothing happens where it exists. Errors: SNA_EIO. */
int sna_path_make_folder(const char *path) SNA_CHECK_RESULT;
/* The names ending in `suffix` (e.g. ".mod") of the plain files of a folder, sorted by name, appended to `out`. */
int sna_path_list(sna_list *out, const char *folder, const char *suffix) SNA_CHECK_RESULT;

/* ---- numbers ------------------------------------------------------------------------------------------------ */

/* The whole text as a number, blanks around it allowed, always with a decimal point whatever the locale. Errors:
 * SNA_EFORMAT (not a number, or more behind it), SNA_ERANGE (does not fit). `inf` and `nan` are numbers. */
int sna_number_parse(double *out, const char *text) SNA_CHECK_RESULT;
int sna_integer_parse(int64_t *out, const char *text) SNA_CHECK_RESULT;
int sna_unsigned_parse(uint64_t *out, const char *text) SNA_CHECK_RESULT;

/* The shortest text that reads back to the same double, decimal point whatever the locale; "nan", "inf", "-inf". */
enum { SNA_NUMBER_SIZE = 32 };
const char *sna_number_text(char buffer[SNA_NUMBER_SIZE], double value);
/* The same rounded to `digits` significant digits, trailing zeros dropped: for people. */
const char *sna_number_round(char buffer[SNA_NUMBER_SIZE], double value, int digits);

/* ---- tables and records ------------------------------------------------------------------------------------- */

typedef enum { SNA_FORMAT_TEXT, SNA_FORMAT_CSV, SNA_FORMAT_JSON, SNA_FORMAT_MARKDOWN } sna_format;

/* "text", "csv", "json", "md" (or "markdown"). Errors: SNA_EINVAL with the list. */
int sna_format_parse(sna_format *out, const char *name) SNA_CHECK_RESULT;

typedef enum { SNA_INTEGER, SNA_REAL, SNA_TEXT, SNA_BOOLEAN } sna_type;

/* Labelled rows and columns of typed cells; every cell starts missing. */
typedef struct sna_table sna_table;

/* `title` may be NULL. `label_header` names the column of row labels, NULL for a table without row labels. */
int sna_table_create(sna_table **out, const char *title, const char *label_header) SNA_CHECK_RESULT;
/* `unit` may be NULL. Columns may be added while there are rows. Errors: SNA_ENOMEM. */
int sna_table_add_column(sna_table *self, const char *name, const char *unit, sna_type type) SNA_CHECK_RESULT;
/* Appends a row of missing cells; `label` is NULL in a table without row labels. */
int sna_table_add_row(sna_table *self, const char *label) SNA_CHECK_RESULT;
/* A sentence under the table (text, Markdown) or in its "notes" (JSON). */
int sna_table_add_note(sna_table *self, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);

/* Set one cell. Errors: SNA_ERANGE (no such cell), SNA_EINVAL (another type; an integer fits a real column). */
int sna_table_set_integer(sna_table *self, uint64_t row, uint64_t column, int64_t value) SNA_CHECK_RESULT;
int sna_table_set_real(sna_table *self, uint64_t row, uint64_t column, double value) SNA_CHECK_RESULT;
int sna_table_set_text(sna_table *self, uint64_t row, uint64_t column, const char *value) SNA_CHECK_RESULT;
int sna_table_set_boolean(sna_table *self, uint64_t row, uint64_t column, bool value) SNA_CHECK_RESULT;

uint64_t sna_table_rows(const sna_table *self);
uint64_t sna_table_columns(const sna_table *self);
const char *sna_table_title(const sna_table *self);        /* NULL without */
const char *sna_table_label_header(const sna_table *self); /* NULL without */
const char *sna_table_row_label(const sna_table *self, uint64_t row);
const char *sna_table_column_name(const sna_table *self, uint64_t column);
const char *sna_table_column_unit(const sna_table *self, uint64_t column); /* NULL without */
sna_type sna_table_column_type(const sna_table *self, uint64_t column);
/* Index of a column by name, -1 when there is none. */
int64_t sna_table_find_column(const sna_table *self, const char *name);
/* A cell that is missing, outside the table or of another kind reads as missing / 0 / NaN / NULL / false. */
bool sna_table_is_missing(const sna_table *self, uint64_t row, uint64_t column);
int64_t sna_table_integer(const sna_table *self, uint64_t row, uint64_t column);
double sna_table_real(const sna_table *self, uint64_t row, uint64_t column); /* integers too */
const char *sna_table_text(const sna_table *self, uint64_t row, uint64_t column);
bool sna_table_boolean(const sna_table *self, uint64_t row, uint64_t column);
uint64_t sna_table_notes(const sna_table *self);
const char *sna_table_note(const sna_table *self, uint64_t index); /* NULL when there is none */

/* Text is aligned, with units in the header and numbers rounded to 6 digits. CSV has one header line of bare names and
 * numbers that read back exactly; a missing cell is an empty field. JSON is {"title", "units", "rows": [{...}],
 * "notes"}; a missing cell is null. Errors: SNA_EIO, SNA_ENOMEM. */
int sna_table_write(const sna_table *self, FILE *stream, sna_format format) SNA_CHECK_RESULT;
/* A new table with some of the columns, for people who read a wide table in parts: `column` ends with NULL, names that
 * are not there are passed over. Columns and rows without any value, and the notes, stay out. Errors: SNA_ENOMEM. */
int sna_table_pick(const sna_table *self, const char *title, const char *const *column,
                   sna_table **out) SNA_CHECK_RESULT;
void sna_table_free(sna_table *self);

/* An ordered set of named values with units: the result of a measurement or a build. A value is a number, a text, an
 * array of numbers, another record or a table. */
typedef struct sna_record sna_record;

int sna_record_create(sna_record **out, const char *title) SNA_CHECK_RESULT;
/* `name` is the JSON key (r_in); `label` what a person reads ("Input resistance"), NULL for the name itself; `unit` may
 * be NULL. NaN is kept as missing. A name that is there already is replaced. */
int sna_record_real(sna_record *self, const char *name, const char *label, const char *unit,
                    double value) SNA_CHECK_RESULT;
int sna_record_integer(sna_record *self, const char *name, const char *label, const char *unit,
                       int64_t value) SNA_CHECK_RESULT;
int sna_record_boolean(sna_record *self, const char *name, const char *label, bool value) SNA_CHECK_RESULT;
int sna_record_text(sna_record *self, const char *name, const char *label, const char *value) SNA_CHECK_RESULT;
int sna_record_array(sna_record *self, const char *name, const char *label, const char *unit, const double *value,
                     uint64_t count) SNA_CHECK_RESULT;
/* The record takes the child over, also when the call fails. The child's title gives way to the label, or is the label
 * where that is NULL. */
int sna_record_record(sna_record *self, const char *name, const char *label, sna_record *child) SNA_CHECK_RESULT;
int sna_record_table(sna_record *self, const char *name, const char *label, sna_table *child) SNA_CHECK_RESULT;
int sna_record_add_note(sna_record *self, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);

/* NaN / NULL when there is no such value. */
double sna_record_get_real(const sna_record *self, const char *name);
const char *sna_record_get_text(const sna_record *self, const char *name);
const sna_record *sna_record_get_record(const sna_record *self, const char *name);
const sna_table *sna_record_get_table(const sna_record *self, const char *name);
/* Takes a nested record out; it is the caller's then. NULL when there is none of that name. */
sna_record *sna_record_take(sna_record *self, const char *name);

/* Text and Markdown show labels, rounded numbers and units; CSV is `name,value,unit` with dotted names for what is
 * nested (tables are left out when there is anything else, else written as tables); JSON is an object of plain numbers
 * and arrays, "units" holding the units by name and "notes" the notes. Errors: SNA_EIO, SNA_ENOMEM. */
int sna_record_write(const sna_record *self, FILE *stream, sna_format format) SNA_CHECK_RESULT;
void sna_record_free(sna_record *self);

/* ---- JSON --------------------------------------------------------------------------------------------------- */

struct cJSON;

/* A parsed JSON file that knows the place of each of its values. `//` and slash-star comments are allowed; duplicate
 * keys, trailing text and bad UTF-8 are errors. Values are cJSON's, read-only. */
typedef struct sna_json sna_json;

int sna_json_read(sna_json **out, const char *path) SNA_CHECK_RESULT;
/* `name` stands for the file in messages. */
int sna_json_parse(sna_json **out, const char *text, uint64_t length, const char *name) SNA_CHECK_RESULT;
const struct cJSON *sna_json_root(const sna_json *self);
const char *sna_json_name(const sna_json *self);
void sna_json_free(sna_json *self);

/* Raises `code` with "file:line: edges[3].connector.p0: " before the sentence. */
int sna_json_error(const sna_json *self, const struct cJSON *item, int code, const char *format, ...) SNA_PRINTF(4, 5);
/* The key path of a value, e.g. edges[3].connector.p0 ("" for the root), and its line (1-based). free() the path. */
int sna_json_place(const sna_json *self, const struct cJSON *item, char **path, uint64_t *line) SNA_CHECK_RESULT;

/* Typed reads; a wrong type is SNA_EFORMAT with place, what was found and what was expected. Integers are read from
 * the text itself, so 64 bits are exact. sna_json_text gives a pointer into the document. */
int sna_json_real(const sna_json *self, const struct cJSON *item, double *out) SNA_CHECK_RESULT;
int sna_json_integer(const sna_json *self, const struct cJSON *item, int64_t *out) SNA_CHECK_RESULT;
int sna_json_unsigned(const sna_json *self, const struct cJSON *item, uint64_t *out) SNA_CHECK_RESULT;
int sna_json_boolean(const sna_json *self, const struct cJSON *item, bool *out) SNA_CHECK_RESULT;
int sna_json_text(const sna_json *self, const struct cJSON *item, const char **out) SNA_CHECK_RESULT;
int sna_json_expect_object(const sna_json *self, const struct cJSON *item) SNA_CHECK_RESULT;
int sna_json_expect_array(const sna_json *self, const struct cJSON *item) SNA_CHECK_RESULT;
/* The member `key` of an object, case-sensitive; NULL when absent. */
const struct cJSON *sna_json_member(const struct cJSON *object, const char *key);
/* The same, but absence is SNA_EFORMAT ("...: `key` is missing"). */
int sna_json_require(const sna_json *self, const struct cJSON *object, const char *key,
                     const struct cJSON **out) SNA_CHECK_RESULT;
/* Every key of the object must be one of the NULL-terminated list; else SNA_EFORMAT with a guess and the list. */
int sna_json_check_keys(const sna_json *self, const struct cJSON *object, const char *const *allowed) SNA_CHECK_RESULT;
/* Writes a cJSON tree to a file (atomically), indented. */
int sna_json_write(const struct cJSON *root, const char *path) SNA_CHECK_RESULT;
/* A cJSON number that prints as the shortest text that reads back (cJSON's own stops at 53 bits); null for NaN.
 * NULL when out of memory. */
struct cJSON *sna_json_make_real(double value);
struct cJSON *sna_json_make_integer(int64_t value);
struct cJSON *sna_json_make_unsigned(uint64_t value);

/* ---- CSV ---------------------------------------------------------------------------------------------------- */

/* A delimited file in memory, rows as they stand (not necessarily of one length), blank lines skipped. Quotes are
 * doubled inside quotes; CRLF and a byte order mark are taken. */
typedef struct sna_csv sna_csv;

/* Errors: SNA_EIO, SNA_ENOTFOUND, SNA_ENOMEM, SNA_EFORMAT (an unterminated quote, a NUL byte; with the line). */
int sna_csv_read(sna_csv **out, const char *path, char delimiter) SNA_CHECK_RESULT;
int sna_csv_parse(sna_csv **out, const char *text, uint64_t length, char delimiter, const char *name) SNA_CHECK_RESULT;
uint64_t sna_csv_rows(const sna_csv *self);
uint64_t sna_csv_fields(const sna_csv *self, uint64_t row);
/* NULL where nothing stood between the delimiters; "" where an empty text was quoted. */
const char *sna_csv_field(const sna_csv *self, uint64_t row, uint64_t field);
/* The line (1-based) on which a row starts. */
uint64_t sna_csv_line(const sna_csv *self, uint64_t row);
/* Column of the header (row 0) with that name, -1 when there is none. */
int64_t sna_csv_column(const sna_csv *self, const char *name);
/* Raises `code` with "file:line: " before the sentence. */
int sna_csv_error(const sna_csv *self, uint64_t row, int code, const char *format, ...) SNA_PRINTF(4, 5);
void sna_csv_free(sna_csv *self);

/* Writes one field, quoted only where it has to be. `text` NULL writes nothing. Errors: SNA_EIO. */
int sna_csv_write_field(FILE *stream, const char *text, char delimiter) SNA_CHECK_RESULT;

/* ---- patterns ----------------------------------------------------------------------------------------------- */

/* A regular expression as ECMAScript spells it (PCRE2 with ECMAScript's escapes), found anywhere in a text unless it is
 * anchored. For one thread at a time. Errors: SNA_EFORMAT (no pattern, with reason and place; too long or too large).
 */
typedef struct sna_pattern sna_pattern;
int sna_pattern_create(sna_pattern **out, const char *text) SNA_CHECK_RESULT;
bool sna_pattern_matches(sna_pattern *self, const char *text);
void sna_pattern_free(sna_pattern *self);

/* ---- random numbers ----------------------------------------------------------------------------------------- */

/* A stream of random numbers that is a pure function of (seed, purpose, id0, id1): Philox4x64-10 (Salmon et al. 2011,
 * "Parallel random numbers: as easy as 1, 2, 3"), key = (seed, purpose), counter = (n, id0, id1, 0). Starting one costs
 * nothing, so every (source, target) may have its own. */
typedef struct {
    uint64_t key[2], counter[4], block[4];
    unsigned used; /* of `block` */
} sna_random;

/* A purpose from a name, stable for all time (FNV-1a, 64 bit). */
uint64_t sna_random_purpose(const char *name);
void sna_random_start(sna_random *self, uint64_t seed, uint64_t purpose, uint64_t id0, uint64_t id1);
void sna_random_fill(sna_random *self); /* the next block of four */
static inline uint64_t sna_random_bits(sna_random *self)
{
    if (self->used >= 4)
        sna_random_fill(self);
    return self->block[self->used++];
}
static inline double sna_random_uniform(sna_random *self) /* [0, 1), 53 bits */
{
    return (double)(sna_random_bits(self) >> 11) * 0x1p-53;
}
double sna_random_open(sna_random *self);                /* (0, 1], 53 bits */
uint64_t sna_random_below(sna_random *self, uint64_t n); /* 0 .. n-1 without bias (Lemire 2019); 0 for n = 0 */
double sna_random_normal(sna_random *self);              /* mean 0, sd 1 (Box-Muller, first of the pair) */
double sna_random_exponential(sna_random *self);         /* mean 1 */
/* Failures before the next success of trials with probability p, given log1p(-p): floor(log(u) / log1p(-p)).
 * UINT64_MAX when that does not fit (p = 0); 0 for p = 1 (-inf). */
uint64_t sna_random_skip(sna_random *self, double log1p_minus_p);
/* Successes in n trials with probability p (GSL's BTPE, split past 2^31 trials). */
uint64_t sna_random_binomial(sna_random *self, uint64_t n, double p);
uint64_t sna_random_poisson(sna_random *self, double mean);

/* ---- hashes ------------------------------------------------------------------------------------------------- */

/* SHA-256 of everything added, as 64 hexadecimal digits. */
typedef struct sna_hash sna_hash;
int sna_hash_create(sna_hash **out) SNA_CHECK_RESULT;
void sna_hash_add(sna_hash *self, const void *bytes, uint64_t count);
void sna_hash_add_text(sna_hash *self, const char *text); /* with its end, so that "ab","c" is not "a","bc" */
void sna_hash_finish(sna_hash *self, char hex[65]);
void sna_hash_free(sna_hash *self);
/* SHA-256 of a file's bytes. Errors: SNA_ENOTFOUND, SNA_EIO, SNA_ENOMEM. */
int sna_hash_file(const char *path, char hex[65]) SNA_CHECK_RESULT;

/* ---- files -------------------------------------------------------------------------------------------------- */

/* The whole file in *out, terminated; free() it. Errors: SNA_ENOTFOUND, SNA_EIO, SNA_ENOMEM. */
int sna_file_read(char **out, uint64_t *size, const char *path) SNA_CHECK_RESULT;

/* A set of output files that take their final names together, or not at all: each is written under a temporary name in
 * its own folder; sna_outputs_commit flushes them to the disk and renames them; sna_outputs_free without a commit
 * deletes them. What stood there before stays until the rename. What a killed process left of a file is deleted when
 * that file is written again. */
typedef struct sna_outputs sna_outputs;
int sna_outputs_create(sna_outputs **out) SNA_CHECK_RESULT;
/* Creates an empty temporary file; *temporary (owned by the set) is where to write. Errors: SNA_EIO, SNA_ENOMEM. */
int sna_outputs_add(sna_outputs *self, const char *path, const char **temporary) SNA_CHECK_RESULT;
/* Makes the folder (and parents) where it is missing; a folder made here is removed again when nothing is committed. */
int sna_outputs_folder(sna_outputs *self, const char *path) SNA_CHECK_RESULT;
int sna_outputs_commit(sna_outputs *self) SNA_CHECK_RESULT;
void sna_outputs_free(sna_outputs *self);
/* One file at once. */
int sna_file_write(const char *path, const void *bytes, uint64_t size) SNA_CHECK_RESULT;
/* A stream into an added output; sna_stream_close checks every pending error ("disk full" included). */
int sna_stream_open(FILE **out, const char *path) SNA_CHECK_RESULT;
int sna_stream_close(FILE *stream, const char *path) SNA_CHECK_RESULT;

/* ---- progress, cancelling, threads -------------------------------------------------------------------------- */

/* A line on stderr, only when that is a terminal and the work takes longer than half a second: done, rate, time left.
 */
typedef struct {
    const char *label, *unit;
    uint64_t total, done;
    double started, shown;
    bool visible;
} sna_progress;
void sna_progress_start(sna_progress *self, const char *label, const char *unit, uint64_t total);
/* Call it as often as you like (not from several threads at once). */
void sna_progress_update(sna_progress *self, uint64_t done);
void sna_progress_end(sna_progress *self);

/* Asks everything long to stop; safe in a signal handler. */
void sna_cancel(void);
bool sna_cancelled(void);
/* SNA_ECANCELLED with its sentence when sna_cancel was called, else 0. */
int sna_check_cancelled(void) SNA_CHECK_RESULT;

/* How many threads or worker processes to use: what sna_threads_set said, else the processors this process may use. */
unsigned sna_threads(void);
void sna_threads_set(unsigned count); /* 0: automatic */

/* A piece of work that any thread may do: `run` is called once, by the next free thread of a few that the process keeps
 * for this, or by a thread that waits for a task. It works inside a parallel region too, where OpenMP starts no
 * threads. `run` must not wait for tasks or locks, and leaves its result in what surrounds the task. Zero it before its
 * first start; it stays where it is until it was waited for. */
typedef struct sna_task sna_task;
struct sna_task {
    void (*run)(sna_task *self);
    sna_task *before, *after; /* in the queue */
    int state;
};
void sna_task_start(sna_task *self);
/* Returns when the task is done; at once for one that was not started. */
void sna_task_wait(sna_task *self);

/* Seconds on a clock that only moves forward. */
double sna_clock(void);

/* ---- several processes -------------------------------------------------------------------------------------- */

/* A program may run as several processes at once, *ranks*, that share one task: with MPI, which is a choice of the
 * build (SONATINA_MPI). Without it, or started alone, there is rank 0 only, and everything below is free and always
 * succeeds. All ranks must make the same calls, except for the first two, in the same order. Such a call fails with
 * SNA_ECANCELLED when this rank was asked to stop and the others do not come; there is nothing left to share then. */
unsigned sna_rank(void);
unsigned sna_ranks(void);
/* Finds the others, where a launcher (mpirun) started several. Call it before anything else of this section, and leave
 * when there is nothing left to do (at exit it happens by itself). A rank that leaves after it has given up waiting for
 * the others ends the program, all of it. Errors: SNA_EEXTERNAL; SNA_EUNSUPPORTED in a build without MPI. */
int sna_ranks_join(void) SNA_CHECK_RESULT;
void sna_ranks_leave(void);
/* 0 when all ranks have status 0; else, on all of them, the status and the sentence of the first that has not. */
int sna_ranks_agree(int status) SNA_CHECK_RESULT;
/* Gives every rank a copy of rank 0's *text, free() it (rank 0 keeps its own). `status` is this rank's so far: where
 * one has failed nothing is shared, see sna_ranks_agree. */
int sna_ranks_share(int status, char **text) SNA_CHECK_RESULT;
/* For each of `count` numbers: the sum over the ranks before this one, and over all. */
int sna_ranks_before(const uint64_t *mine, uint64_t count, uint64_t *before, uint64_t *total) SNA_CHECK_RESULT;
/* Every rank's numbers on every rank: all [ranks * count]. */
int sna_ranks_gather(const uint64_t *mine, uint64_t count, uint64_t *all) SNA_CHECK_RESULT;
/* Replaces each number by its sum over all ranks. */
int sna_ranks_sum(uint64_t *value, uint64_t count) SNA_CHECK_RESULT;
int sna_ranks_sum_32(uint32_t *value, uint64_t count) SNA_CHECK_RESULT;
/* Sends out_count[r] of the numbers in `out`, which stand in the order of ranks, to each rank r. What the ranks have
 * sent to this one is put into *in, in their order too; it grows as sna_grow lets it. At most 2^30 numbers each way. */
int sna_ranks_exchange(const uint64_t *out, const uint64_t *out_count, uint64_t **in, uint64_t *in_capacity,
                       uint64_t *in_count) SNA_CHECK_RESULT;

/* ---- child processes ---------------------------------------------------------------------------------------- */

typedef struct {
    sna_string output; /* stdout and stderr together */
    int exit_status;   /* -1 when a signal ended it */
    int signal;        /* 0 when it exited */
} sna_process;

/* Runs a program found on PATH (argv[0]) to its end: in `folder` (NULL: here), with "NAME=value" settings added to the
 * environment (NULL-terminated list, may be NULL), `input` on its standard input (NULL: nothing). A status other than
 * 0 is no error of the call. Errors: SNA_EMISSING (no such program), SNA_EIO, SNA_ENOMEM, SNA_ECANCELLED. */
int sna_process_run(sna_process *out, const char *const *argv, const char *folder, const char *const *environment,
                    const char *input) SNA_CHECK_RESULT;
void sna_process_free(sna_process *self);
/* The path of a program on PATH, or SNA_EMISSING. */
int sna_process_find(char **out, const char *program) SNA_CHECK_RESULT;

/* ---- this library ------------------------------------------------------------------------------------------- */

const char *sna_version(void);

#ifdef __cplusplus
}
#endif
#endif
