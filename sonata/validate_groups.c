/* validate_groups.c: which row of a population is in which row of which group, and what the groups hold. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- members ------------------------------------------------------------------------------------------------ */

/* What one pass over group ids and indices gathers. */
typedef struct {
    sna_validator *validator;
    sna_checked_body *body;
    uint64_t *id, *index;                    /* [SNA_CHECK_ROWS] */
    uint64_t unknown_last, unknown_position; /* the last id looked up in a block, and which group it is */
    bool *straight;                          /* [groups] the members' indices are 0, 1, 2... so far */
    bool readable, constant_ids;
    sna_tally unknown, fraction, wrapped;
} member_pass;

#define NO_GROUP UINT64_MAX

static uint64_t position_of(const sna_checked_body *body, uint64_t number)
{
    for (uint64_t g = 0; g < body->groups; g++)
        if (body->group[g].number == number)
            return g;
    return NO_GROUP;
}

/* Reads ids and indices of some rows; where a column is missing, what it would say. */
static int read_members(member_pass *pass, uint64_t first, uint64_t count)
{
    int status = 0;
    sna_checked_body *body = pass->body;

    if (body->group_id != NULL && pass->constant_ids && first > 0)
        status = 0; /* a block like the one before it, or the start of it */
    else if (body->group_id != NULL)
        status = sna_check_ids(pass->validator, body->group_id, first, count, pass->id, &pass->readable);
    else
        for (uint64_t i = 0; i < count; i++)
            pass->id[i] = body->groups > 0 ? body->group[0].number : NO_GROUP;
    if (status == 0 && pass->readable && body->group_index != NULL)
        status = sna_check_ids(pass->validator, body->group_index, first, count, pass->index, &pass->readable);
    return status;
}

/* The usual block: all in one group, in its order. */
static bool is_plain_block(const member_pass *pass, uint64_t count, uint64_t *group)
{
    const sna_checked_body *body = pass->body;
    uint64_t different = 0, next;

    for (uint64_t i = 1; i < count; i++)
        different |= pass->id[i] ^ pass->id[0];
    *group = different != 0 ? NO_GROUP : position_of(body, pass->id[0]);
    if (*group == NO_GROUP)
        return false;
    if (body->group_index != NULL) {
        next = body->group[*group].members;
        for (uint64_t i = 0; i < count; i++)
            different |= pass->index[i] ^ (next + i);
    }
    return different == 0;
}

static void take_member(member_pass *pass, uint64_t row, uint64_t i)
{
    sna_checked_body *body = pass->body;
    const bool has_index = body->group_index != NULL;
    uint64_t g = pass->unknown_position;

    if (i == 0 || pass->id[i] != pass->unknown_last) {
        pass->unknown_last = pass->id[i];
        g = pass->unknown_position = position_of(body, pass->id[i]);
    }
    if (g == NO_GROUP) {
        sna_tally_add(&pass->unknown, "row %" PRIu64 ": group %" PRId64, row, (int64_t)pass->id[i]);
        return;
    }
    if (has_index && pass->index[i] != body->group[g].members) {
        pass->straight[g] = false;
        if (pass->index[i] == SNA_NO_ID)
            sna_tally_row(&pass->fraction, row);
        else if (body->group_index->storage == SNA_U32 && body->group[g].members > UINT32_MAX &&
                 pass->index[i] == (body->group[g].members & UINT32_MAX))
            sna_tally_add(&pass->wrapped, "row %" PRIu64 ": %" PRIu64 " for %" PRIu64, row, pass->index[i],
                          body->group[g].members);
    }
    body->group[g].members++;
}

static int count_members(member_pass *pass)
{
    int status = 0;
    sna_checked_body *body = pass->body;

    for (uint64_t first = 0; first < body->count && status == 0 && pass->readable; first += SNA_CHECK_ROWS) {
        const uint64_t left = body->count - first, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        uint64_t group = NO_GROUP;
        status = read_members(pass, first, count);
        if (status != 0 || !pass->readable)
            break;
        if (is_plain_block(pass, count, &group))
            body->group[group].members += count;
        else
            for (uint64_t i = 0; i < count; i++)
                take_member(pass, first + i, i);
        status = sna_check_cancelled();
    }
    return status;
}

/* ---- rows of groups ----------------------------------------------------------------------------------------- */

/* The number of rows that the datasets of a group agree on: what most of them have; `members` when in doubt. */
static uint64_t agreed_rows(const uint64_t *rows, uint64_t count, uint64_t members)
{
    uint64_t best = members, votes = 0;

    for (uint64_t i = 0; i < count; i++) {
        uint64_t same = 0;
        for (uint64_t k = 0; k < count; k++)
            same += rows[k] == rows[i];
        if (same > votes || (same == votes && rows[i] == members)) {
            votes = same;
            best = rows[i];
        }
    }
    return best;
}

typedef struct {
    hid_t parent;
    const char *folder; /* "" or "/dynamics_params" */
    const sna_list *names;
} dataset_part;

static dataset_part part_of(const sna_checked_group *group, unsigned which)
{
    return which == 0 ? (dataset_part){group->id, "", &group->attributes}
                      : (dataset_part){group->dynamics, "/dynamics_params", &group->parameters};
}

/* Rows of every dataset of the group, UINT64_MAX for those that cannot be opened. */
static int measure(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                   const sna_checked_group *group, uint64_t *rows)
{
    int status = 0;
    uint64_t at = 0;

    for (unsigned which = 0; which < 2; which++) {
        const dataset_part part = part_of(group, which);
        for (uint64_t i = 0; i < part.names->count && status == 0; i++) {
            char *place = NULL;
            sna_dataset *dataset = NULL;
            status = sna_text_format(&place, "%s%s/%s", group->place, part.folder, part.names->text[i]);
            if (status == 0)
                status = sna_check_column(self, population->file, part.parent, part.names->text[i], place,
                                          SNA_COLUMN_READABLE, 0, SNA_ANY_ROWS, &dataset);
            rows[at++] = dataset == NULL ? UINT64_MAX : dataset->rows;
            body->broken = body->broken || dataset == NULL;
            sna_dataset_close(dataset);
            free(place);
        }
    }
    return status;
}

static int compare_lengths(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                           const sna_checked_group *group, const uint64_t *rows)
{
    int status = 0;
    uint64_t at = 0;

    for (unsigned which = 0; which < 2; which++) {
        const dataset_part part = part_of(group, which);
        for (uint64_t i = 0; i < part.names->count && status == 0; i++, at++) {
            char *place = NULL;
            if (rows[at] == group->rows || rows[at] == UINT64_MAX)
                continue;
            body->broken = true;
            status = sna_text_format(&place, "%s%s/%s", group->place, part.folder, part.names->text[i]);
            if (status == 0)
                status = sna_find(self, "attribute.length", (sna_place){population->file->path, place, 0}, NULL,
                                  "it has %" PRIu64 " %s, but the group has %" PRIu64 " (%" PRIu64 " %s%s)", rows[at],
                                  sna_plural(rows[at], "row", "rows"), group->rows, group->members, body->one,
                                  sna_plural(group->members, "", "s"));
            free(place);
        }
    }
    return status;
}

/* Decides how many rows a group ought to have, and holds its datasets against that. */
static int check_lengths(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                         sna_checked_group *group, bool straight)
{
    int status = 0;
    const uint64_t count = group->attributes.count + group->parameters.count;
    uint64_t *rows = NULL, *agreeing = NULL, usable = 0, agreed;

    group->rows = group->members;
    status = sna_allocate(&rows, count, sizeof *rows);
    if (status == 0)
        status = sna_allocate(&agreeing, count, sizeof *agreeing);
    if (status == 0)
        status = measure(self, population, body, group, rows);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < count; i++)
        if (rows[i] != UINT64_MAX)
            agreeing[usable++] = rows[i];
    /* Members in order say what is right; otherwise rows may be shared or left over, and the datasets say it (within
     * reason: a few gigabytes of nothing are no group). */
    agreed = agreed_rows(agreeing, usable, group->members);
    if ((!straight || agreed > group->members) && agreed / 16 <= group->members)
        group->rows = agreed;
    status = compare_lengths(self, population, body, group, rows);
    if (status == 0 && straight && group->rows > group->members)
        status = sna_find(self, "group.rows-unused", (sna_place){population->file->path, group->place, 0}, NULL,
                          "the group has %" PRIu64 " %s for %" PRIu64 " %s%s", group->rows,
                          sna_plural(group->rows, "row", "rows"), group->members, body->one,
                          sna_plural(group->members, "", "s"));
out:
    free(agreeing);
    free(rows);
    return status;
}

/* ---- indices in another order ------------------------------------------------------------------------------- */

static bool bit_test_and_set(uint64_t *bits, uint64_t at)
{
    const uint64_t mask = (uint64_t)1 << (at & 63);
    const bool was = (bits[at >> 6] & mask) != 0;

    bits[at >> 6] |= mask;
    return was;
}

/* A second pass, for groups whose members are not in order: is each index in range and there once? */
static int check_order(sna_validator *self, const sna_checked_population *population, member_pass *pass)
{
    int status = 0;
    sna_checked_body *body = pass->body;
    uint64_t **used = NULL;
    sna_tally range = {0}, duplicate = {0};
    uint64_t unused = 0;
    const sna_place where = {population->file->path, body->group_index->place, 0};

    status = sna_allocate(&used, body->groups, sizeof *used);
    for (uint64_t g = 0; g < body->groups && status == 0; g++)
        status = sna_allocate(&used[g], body->group[g].rows / 64 + 1, sizeof **used);
    for (uint64_t first = 0; first < body->count && status == 0 && pass->readable; first += SNA_CHECK_ROWS) {
        const uint64_t left = body->count - first, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        status = read_members(pass, first, count);
        for (uint64_t i = 0; i < count && status == 0 && pass->readable; i++) {
            const uint64_t g = position_of(body, pass->id[i]);
            if (g == NO_GROUP || pass->index[i] == SNA_NO_ID)
                continue;
            if (pass->index[i] >= body->group[g].rows)
                sna_tally_add(&range, "row %" PRIu64 ": %" PRId64 " of %" PRIu64 " in group %" PRIu64, first + i,
                              (int64_t)pass->index[i], body->group[g].rows, body->group[g].number);
            else if (bit_test_and_set(used[g], pass->index[i]))
                sna_tally_add(&duplicate, "row %" PRIu64 ": %" PRIu64, first + i, pass->index[i]);
        }
    }
    if (status != 0 || !pass->readable)
        goto out;
    for (uint64_t g = 0; g < body->groups; g++) {
        uint64_t bits = 0;
        for (uint64_t i = 0; i < body->group[g].rows / 64 + 1; i++)
            bits += (uint64_t)__builtin_popcountll(used[g][i]);
        unused += body->group[g].rows - bits;
    }
    body->broken = body->broken || range.count > 0;
    status = sna_find(self, "group.index-range", where, &range, "%" PRIu64 " %s past the end of the group", range.count,
                      sna_plural(range.count, "index is", "indices are"));
    if (status == 0)
        status = sna_find(self, "group.index-duplicate", where, &duplicate,
                          "%" PRIu64 " %s a row of a group that another one has", duplicate.count,
                          sna_plural(duplicate.count, "row has", "rows have"));
    if (status == 0 && unused > 0 && range.count == 0)
        status = sna_find(self, "group.rows-unused", where, NULL, "%" PRIu64 " %s of groups belong to no %s", unused,
                          sna_plural(unused, "row", "rows"), body->one);
    if (status == 0 && range.count == 0 && duplicate.count == 0)
        status = sna_find(self, "group.index-not-identity", where, NULL,
                          "rows of the groups are in another order than the population's");
out:
    for (uint64_t g = 0; used != NULL && g < body->groups; g++)
        free(used[g]);
    free(used);
    return status;
}

/* ---- libraries ---------------------------------------------------------------------------------------------- */

static int check_codes(sna_validator *self, const sna_checked_population *population, sna_dataset *codes,
                       uint64_t texts)
{
    int status = 0;
    bool readable = true;
    uint64_t *code = NULL;
    sna_tally range = {0};
    const uint64_t rows = codes->width < SNA_CHECK_ROWS ? SNA_CHECK_ROWS / codes->width : 1;

    status = sna_allocate(&code, rows * codes->width, sizeof *code);
    for (uint64_t first = 0; first < codes->rows && status == 0 && readable; first += rows) {
        const uint64_t left = codes->rows - first, count = left < rows ? left : rows;
        status = sna_check_ids(self, codes, first, count, code, &readable);
        for (uint64_t i = 0; i < count * codes->width && status == 0 && readable; i++)
            if (code[i] >= texts)
                sna_tally_add(&range, "row %" PRIu64 ": %" PRId64, first + i / codes->width, (int64_t)code[i]);
    }
    if (status == 0)
        status = sna_find(self, "library.code-range", (sna_place){population->file->path, codes->place, 0}, &range,
                          "%" PRIu64 " %s not in the library, which has %" PRIu64 " %s", range.count,
                          sna_plural(range.count, "code is", "codes are"), texts, sna_plural(texts, "text", "texts"));
    free(code);
    return status;
}

static int check_duplicate_texts(sna_validator *self, const sna_checked_population *population, sna_dataset *library)
{
    int status = 0;
    uint32_t *code = NULL;
    uint64_t distinct = 0;
    sna_tally twice = {0};
    sna_dictionary texts = SNA_DICTIONARY;
    const sna_place where = {population->file->path, library->place, 0};

    status = sna_allocate(&code, library->rows * library->width, sizeof *code);
    if (status == 0) {
        status = sna_dataset_texts(library, 0, library->rows, &texts, code);
        if (status == SNA_EFORMAT || status == SNA_EUNSUPPORTED) {
            status = sna_find(self, "dataset.unreadable", where, NULL, "%s", sna_error_message());
            goto out;
        }
    }
    for (uint64_t i = 0; i < library->rows * library->width && status == 0; i++) {
        if (code[i] == SNA_NO_TEXT)
            continue;
        /* Codes are given in order of first appearance: an old one is a text that was there. */
        if (code[i] < distinct)
            sna_tally_add(&twice, "row %" PRIu64 ": %.48s", i, texts.texts.text[code[i]]);
        else
            distinct++;
    }
    if (status == 0)
        status = sna_find(self, "library.duplicate", where, &twice, "%" PRIu64 " %s there more than once", twice.count,
                          sna_plural(twice.count, "text is", "texts are"));
out:
    sna_dictionary_free(&texts);
    free(code);
    return status;
}

static int check_library(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                         const sna_checked_group *group, const char *name)
{
    int status = 0;
    char *place = NULL, *attribute_place = NULL;
    sna_dataset *library = NULL, *codes = NULL;

    status = sna_text_format(&place, "%s/@library/%s", group->place, name);
    if (status == 0)
        status = sna_text_format(&attribute_place, "%s/%s", group->place, name);
    if (status != 0)
        goto out;
    if (sna_list_find(&group->attributes, name) < 0) {
        status = sna_find(self, "library.orphan", (sna_place){population->file->path, place, 0}, NULL,
                          "the group has no attribute `%s`", name);
        goto out;
    }
    status = sna_check_column(self, population->file, group->library, name, place,
                              SNA_COLUMN_READABLE | SNA_COLUMN_DENSE, 1, SNA_ANY_ROWS, &library);
    if (status != 0 || library == NULL)
        goto out;
    if (sna_dataset_type(library) != SNA_TEXT) {
        body->broken = true;
        status = sna_find(self, "library.type", (sna_place){population->file->path, place, 0}, NULL,
                          "a library holds texts, but this is %s", sna_storage_name(library->storage));
        goto out;
    }
    status = check_duplicate_texts(self, population, library);
    if (status == 0)
        status = sna_dataset_open(&codes, population->file->h5, group->id, name, attribute_place);
    if (status == SNA_EFORMAT || status == SNA_ENOTFOUND)
        status = 0; /* found when the group was measured */
    if (status == 0 && codes != NULL && !self->options.headers_only && codes->lacks == NULL &&
        sna_dataset_type(codes) == SNA_INTEGER)
        status = check_codes(self, population, codes, library->rows);
out:
    sna_dataset_close(codes);
    sna_dataset_close(library);
    free(attribute_place);
    free(place);
    return status;
}

/* ---- all of it ---------------------------------------------------------------------------------------------- */

static int report_members(sna_validator *self, const sna_checked_population *population, const member_pass *pass)
{
    int status = 0;
    const sna_checked_body *body = pass->body;
    const sna_place ids = {population->file->path, body->group_id != NULL ? body->group_id->place : body->place, 0};
    const sna_place indices = {population->file->path,
                               body->group_index != NULL ? body->group_index->place : body->place, 0};

    status = sna_find(self, "group.unknown-id", ids, &pass->unknown, "%" PRIu64 " %s in groups that do not exist",
                      pass->unknown.count, sna_plural(pass->unknown.count, "row is", "rows are"));
    if (status == 0)
        status = sna_find(self, "dataset.not-integers", indices, &pass->fraction, "%" PRIu64 " %s no whole numbers",
                          pass->fraction.count, sna_plural(pass->fraction.count, "value is", "values are"));
    if (status == 0)
        status = sna_find(self, "group.index-wrapped", indices, &pass->wrapped,
                          "%" PRIu64 " %s started again from 0 after 2^32", pass->wrapped.count,
                          sna_plural(pass->wrapped.count, "index has", "indices have"));
    for (uint64_t g = 0; g < body->groups && status == 0; g++)
        if (body->group[g].members == 0 && body->count > 0)
            status = sna_find(self, "group.unused", (sna_place){population->file->path, body->group[g].place, 0}, NULL,
                              "no %s is in this group", body->one);
    return status;
}

int sna_check_groups(sna_validator *self, const sna_checked_population *population, sna_checked_body *body)
{
    int status = 0;
    bool all_straight = true;
    member_pass *pass = NULL;

    /* Without group ids, or in a hurry, all rows are taken to be in the only group. */
    const bool can_count = !self->options.headers_only && (body->group_id != NULL || body->groups <= 1);

    status = sna_allocate(&pass, 1, sizeof *pass);
    if (status == 0) {
        pass->validator = self;
        pass->body = body;
        pass->readable = true;
        pass->constant_ids = body->group_id != NULL && sna_column_is_constant(body->group_id);
        pass->unknown_position = NO_GROUP;
        status = sna_allocate(&pass->straight, body->groups, sizeof *pass->straight);
    }
    if (status == 0)
        status = sna_allocate(&pass->id, SNA_CHECK_ROWS, sizeof *pass->id);
    if (status == 0)
        status = sna_allocate(&pass->index, SNA_CHECK_ROWS, sizeof *pass->index);
    if (status != 0)
        goto out;
    for (uint64_t g = 0; g < body->groups; g++)
        pass->straight[g] = true;
    if (can_count && body->groups > 0 && (body->group_id != NULL || body->group_index != NULL))
        status = count_members(pass);
    else if (body->groups == 1)
        body->group[0].members = body->count;
    if (status == 0 && can_count)
        status = report_members(self, population, pass);
    if (status != 0)
        goto out;
    body->broken = body->broken || !pass->readable || pass->unknown.count > 0 || pass->fraction.count > 0;
    for (uint64_t g = 0; g < body->groups && status == 0; g++) {
        all_straight = all_straight && pass->straight[g];
        if (can_count || body->groups == 1)
            status = check_lengths(self, population, body, &body->group[g], pass->straight[g]);
        for (uint64_t i = 0; i < body->group[g].libraries.count && status == 0; i++)
            status = check_library(self, population, body, &body->group[g], body->group[g].libraries.text[i]);
    }
    if (status == 0 && !all_straight && pass->readable)
        status = check_order(self, population, pass);
out:
    if (pass != NULL) {
        free(pass->id);
        free(pass->index);
        free(pass->straight);
    }
    free(pass);
    return status;
}
