/* validate_report.c: reports: the mapping of columns to elements, the time axis, the values. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/time_unit.h"

typedef struct {
    sna_validator *validator;
    const sna_checked_file *file;
    const char *name;  /* of the population, "" in the layout of 2018 */
    const char *place; /* of its group */
    char *mapping_place;
    hid_t mapping;
    sna_dataset *data;
    uint64_t columns, frames;
} report_check;

/* Opens a dataset of the mapping; *out is NULL where there is none or it is of no use. */
static int open_part(const report_check *check, const char *name, unsigned what, uint64_t rows, sna_dataset **out)
{
    char *full = NULL;
    int status = sna_text_format(&full, "%s/%s", check->mapping_place, name);

    *out = NULL;
    if (status == 0)
        status = sna_check_column(check->validator, check->file, check->mapping, name, full, what, 1, rows, out);
    free(full);
    return status;
}

static bool exists(const report_check *check, const char *name)
{
    bool foreign = false;

    return sna_checked_kind(check->file, check->mapping, name, &foreign) != SNA_H5_NONE || foreign;
}

/* ---- nodes -------------------------------------------------------------------------------------------------- */

static int check_order(const report_check *check, const sna_dataset *column, const uint64_t *id)
{
    int status = 0;
    bool found = false;
    int64_t claim = 0;
    sna_tally falls = {0};
    const sna_place where = {check->file->path, column->place, 0};

    status = sna_h5_integer_attribute(&claim, &found, column->id, "sorted");
    if (status != 0 || !found || claim == 0)
        goto out;
    for (uint64_t i = 1; i < column->rows; i++)
        if (id[i] < id[i - 1])
            sna_tally_row(&falls, i);
    status = sna_find(check->validator, "report.sorted-false", where, &falls,
                      "`sorted` is true, but %" PRIu64 " %s out of order", falls.count,
                      sna_plural(falls.count, "id is", "ids are"));
out:
    return status;
}

static int check_nodes(const report_check *check, uint64_t *count, bool *known)
{
    int status = 0;
    bool readable = true;
    uint64_t *id = NULL;
    sna_dataset *column = NULL;
    sna_id_check *ids = NULL;
    sna_validator *self = check->validator;
    const char *name = !exists(check, "node_ids") && exists(check, "gids") ? "gids" : "node_ids";

    *known = false;
    status = open_part(check, name, SNA_COLUMN_REQUIRED | SNA_COLUMN_INTEGER | SNA_COLUMN_DENSE, SNA_ANY_ROWS, &column);
    if (status != 0 || column == NULL)
        goto out;
    *known = true;
    *count = column->rows;
    status = sna_allocate(&id, column->rows, sizeof *id);
    if (status == 0)
        status = sna_allocate(&ids, 1, sizeof *ids);
    if (status == 0)
        status = sna_check_ids(self, column, 0, column->rows, id, &readable);
    if (status == 0 && readable)
        status = sna_id_check_open(self, check->name, (sna_place){check->file->path, check->place, 0}, ids);
    if (status != 0 || !readable)
        goto out;
    sna_id_check_add(ids, column, 0, id, column->rows);
    status = sna_id_check_report(self, ids, "report.id", (sna_place){check->file->path, column->place, 0});
    if (status == 0)
        status = check_order(check, column, id);
out:
    free(ids);
    free(id);
    sna_dataset_close(column);
    return status;
}

/* ---- pointers ----------------------------------------------------------------------------------------------- */

static int check_pointers(const report_check *check, uint64_t nodes)
{
    int status = 0;
    bool readable = true;
    uint64_t *pointer = NULL;
    sna_tally bad = {0};
    sna_dataset *column = NULL;
    sna_validator *self = check->validator;
    const bool has_pointers = exists(check, "index_pointers"), has_pointer = exists(check, "index_pointer");
    sna_place where = {check->file->path, NULL, 0};

    status = open_part(check, !has_pointers && has_pointer ? "index_pointer" : "index_pointers",
                       SNA_COLUMN_REQUIRED | SNA_COLUMN_INTEGER | SNA_COLUMN_DENSE, SNA_ANY_ROWS, &column);
    if (status != 0 || column == NULL)
        goto out;
    where.place = column->place;
    if (!has_pointers && has_pointer)
        status = sna_find(self, "report.pointer-spelling", where, NULL, "the pointers are called index_pointer");
    else if (has_pointers && !has_pointer)
        status = sna_find(self, "report.pointer-spelling-bmtk", where, NULL, "the pointers are called index_pointers");
    if (status == 0 && column->rows != nodes && column->rows != nodes + 1) {
        status = sna_find(self, "report.pointers", where, NULL, "there are %" PRIu64 " pointers for %" PRIu64 " %s",
                          column->rows, nodes, sna_plural(nodes, "node", "nodes"));
        goto out;
    }
    if (status == 0 && column->rows == nodes && nodes > 0)
        status = sna_find(self, "report.pointers-short", where, NULL,
                          "there are as many pointers as nodes: the last node ends with the data");
    if (status == 0)
        status = sna_allocate(&pointer, column->rows, sizeof *pointer);
    if (status == 0)
        status = sna_check_ids(self, column, 0, column->rows, pointer, &readable);
    if (status != 0 || !readable)
        goto out;
    for (uint64_t i = 0; i < column->rows; i++)
        if ((i == 0 && pointer[i] != 0) || (i > 0 && pointer[i] < pointer[i - 1]) || pointer[i] > check->columns)
            sna_tally_add(&bad, "pointer %" PRIu64 ": %" PRId64, i, (int64_t)pointer[i]);
    status = sna_find(self, "report.pointers", where, &bad,
                      "%" PRIu64 " %s not ascend from 0 to the %" PRIu64 " columns of the data", bad.count,
                      sna_plural(bad.count, "pointer does", "pointers do"), check->columns);
    if (status == 0 && bad.count == 0 && column->rows == nodes + 1 && pointer[nodes] != check->columns)
        status = sna_find(self, "report.pointers", where, NULL,
                          "the last pointer is %" PRIu64 ", but the data have %" PRIu64 " columns", pointer[nodes],
                          check->columns);
out:
    free(pointer);
    sna_dataset_close(column);
    return status;
}

static int check_elements(const report_check *check)
{
    int status = 0;
    sna_dataset *column = NULL;
    static const char *const positions = "element_pos";
    const char *name = !exists(check, "element_ids") && exists(check, "element_id") ? "element_id" : "element_ids";

    if (exists(check, name))
        status = open_part(check, name, SNA_COLUMN_INTEGER, check->columns, &column);
    else
        status = sna_find(check->validator, "report.no-element-ids",
                          (sna_place){check->file->path, check->mapping_place, 0}, NULL, "there are no element_ids");
    sna_dataset_close(column);
    if (status == 0 && exists(check, positions)) {
        status = open_part(check, positions, SNA_COLUMN_NUMBER, check->columns, &column);
        sna_dataset_close(column);
    }
    return status;
}

/* ---- time --------------------------------------------------------------------------------------------------- */

static int check_time_unit(const report_check *check, const sna_dataset *column)
{
    double to_ms = 0;
    char *unit = NULL;
    const sna_place where = {check->file->path, column->place, 0};
    int status = sna_h5_text_attribute(&unit, column->id, "units");

    if (status == 0 && unit == NULL)
        status = sna_find(check->validator, "report.no-time-units", where, NULL, "there is no attribute `units`");
    else if (status == 0 && !sna_time_unit(unit, &to_ms))
        status =
            sna_find(check->validator, "report.unknown-time-units", where, NULL, "the unit `%s` is not known", unit);
    free(unit);
    return status;
}

static int check_time(const report_check *check)
{
    int status = 0;
    bool readable = true;
    double time[3] = {0}, frames = 0;
    sna_dataset *column = NULL;
    sna_validator *self = check->validator;
    sna_place where = {check->file->path, NULL, 0};

    status = open_part(check, "time", SNA_COLUMN_REQUIRED | SNA_COLUMN_NUMBER, SNA_ANY_ROWS, &column);
    if (status != 0 || column == NULL)
        goto out;
    where.place = column->place;
    status = check_time_unit(check, column);
    if (status != 0)
        goto out;
    if (column->rows != 3) {
        if (column->rows == check->frames && check->frames >= 2)
            status = sna_find(self, "report.time-axis", where, NULL, "the time of each frame is given");
        else
            status = sna_find(self, "report.time", where, NULL, "it has %" PRIu64 " values", column->rows);
        goto out;
    }
    status = sna_check_reals(self, column, 0, 3, time, &readable);
    if (status != 0 || !readable)
        goto out;
    if (!isfinite(time[0]) || !isfinite(time[1]) || !isfinite(time[2]) || time[2] <= 0 || time[1] < time[0]) {
        status = sna_find(self, "report.time", where, NULL, "start %g, stop %g and step %g make no time axis", time[0],
                          time[1], time[2]);
        goto out;
    }
    frames = (time[1] - time[0]) / time[2];
    if (fabs(frames - (double)check->frames) > 0.5)
        status = sna_find(self, "report.frames", where, NULL,
                          "%g to %g in steps of %g are %.0f frames, but the data have %" PRIu64, time[0], time[1],
                          time[2], frames, check->frames);
out:
    sna_dataset_close(column);
    return status;
}

/* ---- data --------------------------------------------------------------------------------------------------- */

static int check_values(const report_check *check)
{
    int status = 0;
    bool readable = true;
    sna_tally bad = {0};
    double *value = NULL;
    const uint64_t width = check->columns;
    const uint64_t rows = width == 0 || width > (uint64_t)1 << 20 ? 1 : ((uint64_t)1 << 20) / width;

    /* A row of more than a billion values is read by nobody. */
    if (check->data->raw != SNA_RAW_FLOAT || width > (uint64_t)1 << 30)
        goto out;
    status = sna_allocate(&value, rows * width, sizeof *value);
    for (uint64_t first = 0; first < check->frames && status == 0 && readable; first += rows) {
        const uint64_t left = check->frames - first, count = left < rows ? left : rows;
        status = sna_check_reals(check->validator, check->data, first, count, value, &readable);
        for (uint64_t i = 0; i < count * width && status == 0 && readable; i++)
            if (!isfinite(value[i]))
                sna_tally_add(&bad, "frame %" PRIu64 ", column %" PRIu64, first + i / width, i % width);
        if (status == 0)
            status = sna_check_cancelled();
    }
    if (status == 0)
        status =
            sna_find(check->validator, "report.not-finite", (sna_place){check->file->path, check->data->place, 0}, &bad,
                     "%" PRIu64 " %s not finite", bad.count, sna_plural(bad.count, "value is", "values are"));
out:
    free(value);
    return status;
}

static int check_data(report_check *check, hid_t group)
{
    int status = 0;
    char *place = NULL, *unit = NULL;
    sna_validator *self = check->validator;
    sna_place where = {check->file->path, NULL, 0};

    status = sna_text_format(&place, "%s/data", check->place);
    if (status == 0)
        status =
            sna_check_column(self, check->file, group, "data", place,
                             SNA_COLUMN_REQUIRED | SNA_COLUMN_NUMBER | SNA_COLUMN_DENSE, 0, SNA_ANY_ROWS, &check->data);
    if (status != 0 || check->data == NULL)
        goto out;
    where.place = place;
    check->frames = check->data->rows;
    check->columns = check->data->width;
    if (check->data->rank != 2 && !(check->data->rank == 1 && check->name[0] == '\0')) {
        status = sna_find(self, "dataset.rank", where, NULL, "frames x columns are expected, but it has rank %" PRIu32,
                          check->data->rank);
        sna_dataset_close(check->data);
        check->data = NULL;
        goto out;
    }
    if (check->data->storage != SNA_F32)
        status =
            sna_find(self, "report.type", where, NULL, "the values are %s", sna_storage_name(check->data->storage));
    if (status == 0)
        status = sna_h5_text_attribute(&unit, check->data->id, "units");
    if (status == 0 && unit == NULL)
        status = sna_find(self, "report.no-units", where, NULL, "there is no attribute `units`");
out:
    free(unit);
    free(place);
    return status;
}

/* One report: `group` holds the data, `parent` the mapping. */
static int check_report(report_check *check, hid_t group, hid_t parent, const char *parent_place)
{
    int status = 0;
    bool known = false;
    uint64_t nodes = 0;
    sna_notes notes = SNA_NOTES;
    sna_report *report = NULL;
    const uint64_t errors = sna_validator_errors(check->validator);

    check->mapping = H5I_INVALID_HID;
    status = check_data(check, group);
    if (status != 0 || check->data == NULL)
        goto out;
    status = sna_text_format(&check->mapping_place, "%s/mapping", parent_place);
    if (status == 0)
        status = sna_check_group(check->validator, check->file, parent, "mapping", check->mapping_place, true,
                                 &check->mapping);
    if (status != 0 || check->mapping < 0)
        goto out;
    status = check_nodes(check, &nodes, &known);
    if (status == 0 && known)
        status = check_pointers(check, nodes);
    if (status == 0)
        status = check_elements(check);
    if (status == 0)
        status = check_time(check);
    if (status == 0 && !check->validator->options.headers_only)
        status = check_values(check);
    if (status != 0 || check->file->foreign || sna_validator_errors(check->validator) > errors)
        goto out;
    status = sna_report_open(&report, check->file->path, check->name[0] == '\0' ? NULL : check->name, &notes);
    if (status != 0 && status != SNA_ENOMEM)
        status = sna_find(check->validator, "results.invalid", (sna_place){check->file->path, check->place, 0}, NULL,
                          "%s", sna_error_message());
    if (status == 0)
        status = sna_find_notes(check->validator, &notes);
out:
    sna_report_close(report);
    sna_notes_free(&notes);
    sna_h5_close_group(&check->mapping);
    sna_dataset_close(check->data);
    check->data = NULL;
    free(check->mapping_place);
    check->mapping_place = NULL;
    return status;
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

/* The layouts of 2018: /data or /VARIABLE/data, with /mapping at the root. */
static int check_old(sna_validator *self, const sna_checked_file *file)
{
    int status = 0;
    bool foreign = false, found = false;
    sna_list names = SNA_LIST;
    report_check check = {.validator = self, .file = file, .name = "", .place = ""};

    if (sna_checked_kind(file, file->h5->id, "data", &foreign) == SNA_H5_DATASET) {
        status = check_report(&check, file->h5->id, file->h5->id, "");
        goto out;
    }
    if (sna_h5_children(&names, file->h5, file->h5->id, "/") != 0)
        goto out; /* found when the links were walked */
    for (uint64_t i = 0; i < names.count && status == 0 && !found; i++) {
        char *place = NULL;
        hid_t group = H5I_INVALID_HID;
        if (sna_checked_kind(file, file->h5->id, names.text[i], &foreign) != SNA_H5_GROUP)
            continue;
        status = sna_text_format(&place, "/%s", names.text[i]);
        if (status == 0)
            status = sna_check_group(self, file, file->h5->id, names.text[i], place, true, &group);
        if (status == 0 && group >= 0 && sna_checked_kind(file, group, "data", &foreign) == SNA_H5_DATASET) {
            found = true;
            check.place = place;
            status = check_report(&check, group, file->h5->id, "");
        }
        sna_h5_close_group(&group);
        free(place);
    }
    if (status == 0 && !found)
        status = sna_find(self, "dataset.missing", (sna_place){file->path, "/data", 0}, NULL,
                          "there is a /mapping, but no data that it could be of");
out:
    sna_list_free(&names);
    return status;
}

int sna_check_reports(sna_validator *self, sna_checked_file *file)
{
    int status = 0;
    bool foreign = false;
    hid_t root = H5I_INVALID_HID;
    sna_list names = SNA_LIST;

    if (sna_checked_kind(file, file->h5->id, "report", &foreign) == SNA_H5_NONE && !foreign) {
        status = check_old(self, file);
        goto out;
    }
    status = sna_check_root(self, file);
    if (status == 0)
        status = sna_check_group(self, file, file->h5->id, "report", "/report", true, &root);
    if (status != 0 || root < 0)
        goto out;
    if (sna_h5_children(&names, file->h5, root, "/report") != 0)
        goto out; /* found when the links were walked */
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        char *place = NULL;
        hid_t group = H5I_INVALID_HID;
        status = sna_text_format(&place, "/report/%s", names.text[i]);
        if (status == 0)
            status = sna_check_group(self, file, root, names.text[i], place, true, &group);
        if (status == 0 && group >= 0) {
            report_check check = {.validator = self, .file = file, .name = names.text[i], .place = place};
            status = check_report(&check, group, group, place);
        }
        sna_h5_close_group(&group);
        free(place);
    }
out:
    sna_list_free(&names);
    sna_h5_close_group(&root);
    return status;
}

/* ---- side files --------------------------------------------------------------------------------------------- */

int sna_check_ecp(sna_validator *self, sna_checked_file *file)
{
    int status = 0;
    sna_notes notes = SNA_NOTES;
    sna_ecp *ecp = NULL;

    status = sna_check_root(self, file);
    if (status != 0 || file->foreign)
        goto out;
    status = sna_ecp_open(&ecp, file->path, &notes);
    if (status == SNA_EFORMAT || status == SNA_ENOTFOUND || status == SNA_EUNSUPPORTED || status == SNA_ERANGE)
        status = sna_find(self, "results.invalid", (sna_place){file->path, "/ecp", 0}, NULL, "%s", sna_error_message());
    if (status == 0)
        status = sna_find_notes(self, &notes);
out:
    sna_ecp_close(ecp);
    sna_notes_free(&notes);
    return status;
}

/* Columns that lie at the root of a file and are of one length. */
static int check_columns(sna_validator *self, sna_checked_file *file, const char *const *names)
{
    int status = 0;
    uint64_t rows = SNA_ANY_ROWS;

    for (; *names != NULL && status == 0; names++) {
        char place[64];
        sna_dataset *column = NULL;
        (void)snprintf(place, sizeof place, "/%s", *names);
        status = sna_check_column(self, file, file->h5->id, *names, place,
                                  SNA_COLUMN_REQUIRED | SNA_COLUMN_INTEGER | SNA_COLUMN_DENSE, 1, rows, &column);
        if (column != NULL && rows == SNA_ANY_ROWS)
            rows = column->rows;
        sna_dataset_close(column);
    }
    return status;
}

int sna_check_gaps(sna_validator *self, sna_checked_file *file)
{
    static const char *const names[] = {"source_ids", "target_ids", "src_gap_ids", "trg_gap_ids", NULL};

    return check_columns(self, file, names);
}

int sna_check_gids(sna_validator *self, sna_checked_file *file)
{
    static const char *const names[] = {"gid", "node_id", "population", NULL};

    return check_columns(self, file, names);
}
