/* describe.c: what a circuit consists of, as tables: for people one a population, for programs one for all. */
#include "sonata/edges.h"
#include "sonata/nodes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_WIDTH = 98, LEAST_VALUES = 32, DIGITS = 6 };

/* A table under construction: the row that cells go to. */
typedef struct {
    sna_table *table;
    uint64_t row;
    int status;
} filler;

typedef struct {
    const char *name;
    sna_type type;
} heading;

static int make_table(sna_table **out, const char *title, const char *label, const heading *column, uint64_t columns)
{
    int status = sna_table_create(out, title, label);

    for (uint64_t i = 0; i < columns && status == 0; i++)
        status = sna_table_add_column(*out, column[i].name, NULL, column[i].type);
    if (status != 0) {
        sna_table_free(*out);
        *out = NULL;
    }
    return status;
}

static filler add_row(sna_table *table, const char *label)
{
    const uint64_t row = sna_table_rows(table);

    return (filler){table, row, sna_table_add_row(table, label)};
}

static void put_integer(filler *self, uint64_t column, uint64_t value)
{
    if (self->status == 0)
        self->status = sna_table_set_integer(self->table, self->row, column, (int64_t)value);
}

static void put_text(filler *self, uint64_t column, const char *text)
{
    if (self->status == 0 && text != NULL)
        self->status = sna_table_set_text(self->table, self->row, column, text);
}

/* ---- populations -------------------------------------------------------------------------------------------- */

/* Columns that nodes and edges both have, from `column` on. People find the file above the attributes: tables would be
 * too wide. */
static void put_population(filler *row, uint64_t column, const sna_population *population, const char *type,
                           bool people)
{
    put_integer(row, column, population->count);
    if (population->types != NULL)
        put_integer(row, column + 1, sna_types_count(population->types));
    put_integer(row, column + 2, population->group_count);
    put_text(row, column + 3, type);
    if (!people)
        put_text(row, column + 4, population->file->path);
}

/* Opens a population; one that is damaged is noted, and *nodes and *edges are NULL: the others are worth a look. */
static int open_population(sna_circuit *circuit, bool is_nodes, uint64_t index, sna_nodes **nodes, sna_edges **edges)
{
    int status = 0;
    char *place = NULL, *reason = NULL;

    *nodes = NULL;
    *edges = NULL;
    status = is_nodes ? sna_circuit_nodes_at(circuit, index, nodes) : sna_circuit_edges_at(circuit, index, edges);
    if (status != SNA_EFORMAT && status != SNA_ENOTFOUND)
        goto out;
    status = sna_text_copy(&reason, sna_error_message());
    if (status == 0)
        status = sna_text_format(&place, "/%s/%s", is_nodes ? "nodes" : "edges",
                                 is_nodes ? sna_circuit_node_population(circuit, index)
                                          : sna_circuit_edge_population(circuit, index));
    if (status == 0)
        status = sna_notes_add(sna_circuit_notes_list(circuit), "population.unreadable", sna_circuit_path(circuit),
                               place, "%s", reason);
out:
    free(place);
    free(reason);
    return status;
}

static int node_table(sna_circuit *circuit, bool people, sna_table **out)
{
    static const heading column[] = {{"nodes", SNA_INTEGER},
                                     {"types", SNA_INTEGER},
                                     {"groups", SNA_INTEGER},
                                     {"type", SNA_TEXT},
                                     {"file", SNA_TEXT}};
    int status = make_table(out, "Node populations", "population", column, sizeof column / sizeof *column - people);

    for (uint64_t i = 0; i < sna_circuit_node_populations(circuit) && status == 0; i++) {
        sna_nodes *nodes = NULL;
        sna_edges *edges = NULL;
        filler row;
        status = open_population(circuit, true, i, &nodes, &edges);
        if (status != 0)
            break;
        row = add_row(*out, sna_circuit_node_population(circuit, i));
        if (nodes != NULL)
            put_population(&row, 0, &nodes->population, sna_circuit_node_property(circuit, i, "type"), people);
        status = row.status;
    }
    return status;
}

static const char *indexed_by(const sna_edges *edges)
{
    const bool source = sna_edges_has_index(edges, SNA_EFFERENT), target = sna_edges_has_index(edges, SNA_AFFERENT);

    return source && target ? "both" : source ? "source" : target ? "target" : "no";
}

static int edge_table(sna_circuit *circuit, bool people, sna_table **out)
{
    static const heading column[] = {{"source", SNA_TEXT},   {"target", SNA_TEXT},   {"index", SNA_TEXT},
                                     {"edges", SNA_INTEGER}, {"types", SNA_INTEGER}, {"groups", SNA_INTEGER},
                                     {"type", SNA_TEXT},     {"file", SNA_TEXT}};
    int status = make_table(out, "Edge populations", "population", column, sizeof column / sizeof *column - people);

    for (uint64_t i = 0; i < sna_circuit_edge_populations(circuit) && status == 0; i++) {
        sna_nodes *nodes = NULL;
        sna_edges *edges = NULL;
        filler row;
        status = open_population(circuit, false, i, &nodes, &edges);
        if (status != 0)
            break;
        row = add_row(*out, sna_circuit_edge_population(circuit, i));
        if (edges != NULL) {
            put_text(&row, 0, sna_edges_source_population(edges));
            put_text(&row, 1, sna_edges_target_population(edges));
            put_text(&row, 2, indexed_by(edges));
            put_population(&row, 3, &edges->population, sna_circuit_edge_property(circuit, i, "type"), people);
        }
        status = row.status;
    }
    return status;
}

/* ---- attributes --------------------------------------------------------------------------------------------- */

/* "float32", "float32[3]", "enumeration". */
static int type_text(const sna_attribute *attribute, sna_string *out)
{
    int status = sna_string_append(out, attribute->enumeration ? "enumeration" : sna_storage_name(attribute->storage));

    if (status == 0 && attribute->width > 1)
        status = sna_string_format(out, "[%" PRIu32 "]", attribute->width);
    return status;
}

/* "group, types". */
static int origin_text(const sna_attribute *attribute, sna_string *out)
{
    static const struct {
        unsigned origin;
        const char *name;
    } origins[] = {{SNA_FROM_GROUP, "group"}, {SNA_FROM_DYNAMICS, "dynamics_params"}, {SNA_FROM_TYPES, "types CSV"}};
    int status = 0;

    for (size_t i = 0; i < sizeof origins / sizeof *origins && status == 0; i++)
        if ((attribute->origin & origins[i].origin) != 0)
            status = sna_string_format(out, "%s%s", out->length > 0 ? ", " : "", origins[i].name);
    return status;
}

/* Part k of an attribute is called as conditions call it: positions[0]. */
static int part_name(const sna_attribute_summary *self, uint32_t k, sna_string *out)
{
    int status = sna_string_append(out, self->attribute->name);

    if (status == 0 && self->parts > 1)
        status = sna_string_format(out, "[%" PRIu32 "]", k);
    return status;
}

/* Characters of a text in UTF-8. */
static uint64_t width_of(const char *text)
{
    uint64_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

/* A text from a file in a line of its own: what a terminal would act on is a question mark, what is wider than `room`
 * is cut. */
static int short_text(const char *text, uint64_t room, sna_string *out)
{
    int status = 0;
    const bool cut = width_of(text) > room;
    uint64_t width = 0;

    for (; *text != '\0' && status == 0; text++) {
        const char c = (unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text;
        width += ((unsigned char)c & 0xC0) != 0x80;
        if (cut && width + 3 > room)
            return sna_string_append(out, "...");
        status = sna_string_append_bytes(out, &c, 1);
    }
    return status;
}

/* "PN (80), ITN (20), ... (5 in all)", as many of them as there is room for, at least one. */
static int texts_line(const sna_attribute_summary *self, uint64_t room, sna_string *out)
{
    int status = 0;
    sna_string rest = SNA_STRING, one = SNA_STRING;
    uint64_t used = 0;

    if (self->distinct > 1)
        status =
            sna_string_format(&rest, ", ... (%s%" PRIu64 " in all)", self->more ? "more than " : "", self->distinct);
    for (uint64_t i = 0; i < self->texts.count && status == 0; i++) {
        const bool last = i + 1 == self->distinct && !self->more;
        const uint64_t keep = last ? 0 : rest.length, most = room > keep + 12 ? room - keep - 12 : 8;
        one.length = 0;
        status = sna_string_append(&one, i > 0 ? ", " : "");
        if (status == 0)
            status = short_text(self->texts.text[i], self->distinct == 1 ? room : most, &one);
        if (status == 0 && self->distinct > 1)
            status = sna_string_format(&one, " (%" PRIu64 ")", self->text_rows[i]);
        if (status != 0)
            break;
        used += width_of(sna_string_text(&one));
        if (i > 0 && used + keep > room) {
            status = sna_string_append(out, sna_string_text(&rest));
            break;
        }
        status = sna_string_append(out, sna_string_text(&one));
        if (status == 0 && i + 1 == self->texts.count && !last)
            status = sna_string_append(out, sna_string_text(&rest));
    }
    sna_string_free(&rest);
    sna_string_free(&one);
    return status;
}

/* "0.5 .. 3". */
static int range_line(const sna_attribute_summary *self, uint32_t k, sna_string *out)
{
    int status = 0;
    const sna_value_range *range = &self->range[k];
    char least[SNA_NUMBER_SIZE], most[SNA_NUMBER_SIZE];

    if (self->type == SNA_INTEGER) {
        status = sna_string_format(out, "%" PRId64, range->least_integer);
        if (status == 0 && range->most_integer != range->least_integer)
            status = sna_string_format(out, " .. %" PRId64, range->most_integer);
    } else if (range->least <= range->most) {
        sna_number_round(least, range->least, DIGITS);
        sna_number_round(most, range->most, DIGITS);
        status = sna_string_format(out, range->least < range->most ? "%s .. %s" : "%s", least, most);
    } else {
        status = sna_string_append(out, "no value");
    }
    return status;
}

static int values_line(const sna_attribute_summary *self, uint64_t count, uint32_t k, uint64_t room, sna_string *out)
{
    int status = 0;
    sna_string missing = SNA_STRING;

    if (self->problem == NULL && !self->more && self->rows > 0 && self->rows < count)
        status = sna_string_format(&missing, "; %" PRIu64 " missing", count - self->rows);
    if (status != 0)
        goto out;
    if (self->problem != NULL)
        status = sna_string_append(out, "cannot be read");
    else if (self->rows == 0)
        status = sna_string_append(out, count > 0 ? "no value" : "");
    else if (self->type == SNA_TEXT)
        status = texts_line(self, room > missing.length ? room - missing.length : 0, out);
    else
        status = range_line(self, k, out);
    if (status == 0)
        status = sna_string_append(out, sna_string_text(&missing));
out:
    sna_string_free(&missing);
    return status;
}

/* What stands in the first columns of both kinds of tables. */
typedef struct {
    sna_string name, type, origin;
} part_texts;

static int part_texts_make(part_texts *out, const sna_population_summary *summary, uint64_t attribute, uint32_t part)
{
    int status = 0;
    const sna_attribute_summary *own = &summary->attribute[attribute];

    *out = (part_texts){SNA_STRING, SNA_STRING, SNA_STRING};
    status = part_name(own, part, &out->name);
    if (status == 0)
        status = type_text(own->attribute, &out->type);
    if (status == 0)
        status = origin_text(own->attribute, &out->origin);
    return status;
}

static void part_texts_free(part_texts *self)
{
    sna_string_free(&self->name);
    sna_string_free(&self->type);
    sna_string_free(&self->origin);
}

static uint32_t parts_of(const sna_attribute_summary *self)
{
    return self->parts == 0 ? 1 : self->parts;
}

/* Sets a line's values once the widths of all others are known. */
static int put_values(sna_table *table, const sna_population_summary *summary, uint64_t room)
{
    int status = 0;
    uint64_t row = 0;

    for (uint64_t i = 0; i < summary->attributes && status == 0; i++)
        for (uint32_t k = 0; k < parts_of(&summary->attribute[i]) && status == 0; k++) {
            sna_string text = SNA_STRING;
            status = values_line(&summary->attribute[i], summary->count, k, room, &text);
            if (status == 0)
                status = sna_table_set_text(table, row++, 2, sna_string_text(&text));
            sna_string_free(&text);
        }
    return status;
}

static uint64_t wider(uint64_t width, const sna_string *text)
{
    const uint64_t own = width_of(sna_string_text(text));

    return own > width ? own : width;
}

/* For people: the table of one population, as wide as a page where names allow it. */
static int attribute_table(const char *kind, const sna_population *population, const sna_population_summary *summary,
                           sna_table **out)
{
    static const heading column[] = {{"type", SNA_TEXT}, {"from", SNA_TEXT}, {"values", SNA_TEXT}};
    int status = 0;
    uint64_t name = strlen("attribute"), type = strlen("type"), origin = strlen("from"), used = 0;
    sna_string title = SNA_STRING;

    status = sna_string_format(&title, "%s attributes of %s (%s)", kind, population->name,
                               sna_path_name(population->file->path));
    if (status == 0)
        status = make_table(out, sna_string_text(&title), "attribute", column, summary->read ? 3 : 2);
    for (uint64_t i = 0; i < summary->attributes && status == 0; i++) {
        const sna_attribute_summary *own = &summary->attribute[i];
        for (uint32_t k = 0; k < parts_of(own) && status == 0; k++) {
            part_texts texts;
            status = part_texts_make(&texts, summary, i, k);
            if (status == 0) {
                filler row = add_row(*out, sna_string_text(&texts.name));
                put_text(&row, 0, sna_string_text(&texts.type));
                put_text(&row, 1, sna_string_text(&texts.origin));
                status = row.status;
            }
            name = wider(name, &texts.name);
            type = wider(type, &texts.type);
            origin = wider(origin, &texts.origin);
            part_texts_free(&texts);
        }
        if (status == 0 && own->problem != NULL)
            status = sna_table_add_note(*out, "%s: %s", own->attribute->name, own->problem);
    }
    used = name + type + origin + 6;
    if (status == 0 && summary->read)
        status = put_values(*out, summary, used + LEAST_VALUES < PAGE_WIDTH ? PAGE_WIDTH - used : LEAST_VALUES);
    sna_string_free(&title);
    return status;
}

/* For programs: one table for all populations, values in columns of their own, and the texts in a second one. */
typedef struct {
    sna_table *attributes, *texts;
} attribute_tables;

enum { READ_COLUMN = 5, RANGE_COLUMN = 7, DISTINCT_COLUMN = 9, PROBLEM_COLUMN = 10 };

static int attribute_tables_make(attribute_tables *out, bool read)
{
    static const heading column[] = {{"attribute", SNA_TEXT},      {"storage", SNA_TEXT}, {"width", SNA_INTEGER},
                                     {"enumeration", SNA_BOOLEAN}, {"from", SNA_TEXT},    {"rows", SNA_INTEGER},
                                     {"missing", SNA_INTEGER},     {"minimum", SNA_REAL}, {"maximum", SNA_REAL},
                                     {"distinct", SNA_INTEGER},    {"problem", SNA_TEXT}};
    static const heading text[] = {{"attribute", SNA_TEXT}, {"value", SNA_TEXT}, {"rows", SNA_INTEGER}};
    int status = make_table(&out->attributes, "Attributes", "population", column,
                            read ? sizeof column / sizeof *column : READ_COLUMN);

    if (status == 0 && read)
        status = make_table(&out->texts, "Texts", "population", text, sizeof text / sizeof *text);
    return status;
}

static void put_range(filler *row, const sna_attribute_summary *own, uint32_t part)
{
    const sna_value_range *range = &own->range[part];
    const double least = own->type == SNA_INTEGER ? (double)range->least_integer : range->least,
                 most = own->type == SNA_INTEGER ? (double)range->most_integer : range->most;

    if (row->status == 0)
        row->status = sna_table_set_real(row->table, row->row, RANGE_COLUMN, least);
    if (row->status == 0)
        row->status = sna_table_set_real(row->table, row->row, RANGE_COLUMN + 1, most);
}

static int add_texts(sna_table *table, const char *population, const sna_attribute_summary *own)
{
    int status = 0;

    for (uint64_t i = 0; i < own->texts.count && status == 0; i++) {
        filler row = add_row(table, population);
        put_text(&row, 0, own->attribute->name);
        put_text(&row, 1, own->texts.text[i]);
        put_integer(&row, 2, own->text_rows[i]);
        status = row.status;
    }
    return status;
}

static int add_part(const attribute_tables *tables, const char *population, const sna_population_summary *summary,
                    uint64_t attribute, uint32_t part)
{
    int status = 0;
    const sna_attribute_summary *own = &summary->attribute[attribute];
    part_texts texts;

    status = part_texts_make(&texts, summary, attribute, part);
    if (status == 0) {
        filler row = add_row(tables->attributes, population);
        put_text(&row, 0, sna_string_text(&texts.name));
        put_text(&row, 1, sna_storage_name(own->attribute->storage));
        put_integer(&row, 2, own->attribute->width);
        if (row.status == 0)
            row.status = sna_table_set_boolean(row.table, row.row, 3, own->attribute->enumeration);
        put_text(&row, 4, sna_string_text(&texts.origin));
        if (summary->read) {
            put_integer(&row, READ_COLUMN, own->rows);
            if (!own->more && own->problem == NULL)
                put_integer(&row, READ_COLUMN + 1, summary->count - own->rows);
            if (own->type != SNA_TEXT && own->rows > 0 && own->problem == NULL)
                put_range(&row, own, part);
            if (own->type == SNA_TEXT)
                put_integer(&row, DISTINCT_COLUMN, own->distinct);
            put_text(&row, PROBLEM_COLUMN, own->problem);
        }
        status = row.status;
    }
    part_texts_free(&texts);
    return status;
}

static int add_summary(const attribute_tables *tables, const char *population, const sna_population_summary *summary)
{
    int status = 0;

    for (uint64_t i = 0; i < summary->attributes && status == 0; i++) {
        for (uint32_t k = 0; k < parts_of(&summary->attribute[i]) && status == 0; k++)
            status = add_part(tables, population, summary, i, k);
        if (status == 0 && summary->read)
            status = add_texts(tables->texts, population, &summary->attribute[i]);
    }
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

typedef struct {
    sna_circuit *circuit;
    bool read, people;
    sna_record *record;
} description;

/* The record takes the table over; people need not see an empty one. */
static int add_table(description *self, const char *name, sna_table *table)
{
    if (self->people && sna_table_rows(table) == 0) {
        sna_table_free(table);
        return 0;
    }
    return sna_record_table(self->record, name, sna_table_title(table), table);
}

/* The attributes of all node populations, or of all edge populations. */
static int add_attributes(description *self, bool is_nodes)
{
    int status = 0;
    const char *kind = is_nodes ? "node" : "edge";
    const uint64_t count =
        is_nodes ? sna_circuit_node_populations(self->circuit) : sna_circuit_edge_populations(self->circuit);
    attribute_tables tables = {NULL, NULL};
    char name[64];

    if (!self->people)
        status = attribute_tables_make(&tables, self->read);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        sna_nodes *nodes = NULL;
        sna_edges *edges = NULL;
        sna_table *table = NULL;
        sna_population_summary summary = SNA_POPULATION_SUMMARY;
        const char *population =
            is_nodes ? sna_circuit_node_population(self->circuit, i) : sna_circuit_edge_population(self->circuit, i);
        status = open_population(self->circuit, is_nodes, i, &nodes, &edges);
        if (status == 0 && nodes != NULL)
            status = sna_nodes_summarise(nodes, self->read, &summary);
        if (status == 0 && edges != NULL)
            status = sna_edges_summarise(edges, self->read, &summary);
        snprintf(name, sizeof name, "%s_attributes_%" PRIu64, kind, i);
        if (status == 0 && !self->people)
            status = add_summary(&tables, population, &summary);
        else if (status == 0 && summary.attributes > 0)
            status = attribute_table(is_nodes ? "Node" : "Edge",
                                     nodes != NULL ? &nodes->population : &edges->population, &summary, &table);
        if (status == 0 && table != NULL)
            status = add_table(self, name, table);
        else
            sna_table_free(table);
        sna_population_summary_free(&summary);
    }
    if (status == 0 && !self->people) {
        snprintf(name, sizeof name, "%s_attributes", kind);
        status = add_table(self, name, tables.attributes);
        tables.attributes = NULL;
    }
    if (status == 0 && !self->people && self->read) {
        snprintf(name, sizeof name, "%s_texts", kind);
        status = add_table(self, name, tables.texts);
        tables.texts = NULL;
    }
    sna_table_free(tables.attributes);
    sna_table_free(tables.texts);
    return status;
}

/* A sentence in lines of at most PAGE_WIDTH, those behind the first indented. */
static int wrap(const char *text, sna_string *out)
{
    int status = 0;
    uint64_t width = 0;

    while (*text != '\0' && status == 0) {
        const size_t blank = strspn(text, " "), word = strcspn(text + blank, " ");
        if (width > 0 && width + blank + word > PAGE_WIDTH) {
            status = sna_string_append(out, "\n  ");
            width = 2;
        } else {
            status = sna_string_append_bytes(out, text, blank);
            width += blank;
        }
        if (status == 0)
            status = sna_string_append_bytes(out, text + blank, word);
        width += word;
        text += blank + word;
    }
    return status;
}

static int add_note_lines(description *self, const sna_notes *notes)
{
    int status = 0;

    for (uint64_t i = 0; i < notes->count && status == 0; i++) {
        const sna_note *note = &notes->note[i];
        char *text = NULL;
        sna_string lines = SNA_STRING;
        status = sna_text_format(&text, "%s: %s: %s%s%s", note->code, sna_path_name(note->file), note->place,
                                 note->place[0] != '\0' ? ": " : "", note->text);
        if (status == 0)
            status = wrap(text, &lines);
        if (status == 0)
            status = sna_record_add_note(self->record, "%s", sna_string_text(&lines));
        sna_string_free(&lines);
        free(text);
    }
    return status;
}

static int add_note_table(description *self, const sna_notes *notes)
{
    static const heading column[] = {
        {"code", SNA_TEXT}, {"file", SNA_TEXT}, {"place", SNA_TEXT}, {"count", SNA_INTEGER}, {"text", SNA_TEXT}};
    sna_table *table = NULL;
    int status = make_table(&table, "Notes", NULL, column, sizeof column / sizeof *column);

    for (uint64_t i = 0; i < notes->count && status == 0; i++) {
        const sna_note *note = &notes->note[i];
        filler row = add_row(table, NULL);
        put_text(&row, 0, note->code);
        put_text(&row, 1, note->file);
        put_text(&row, 2, note->place);
        put_integer(&row, 3, note->count);
        put_text(&row, 4, note->text);
        status = row.status;
    }
    if (status == 0)
        status = add_table(self, "notes", table);
    else
        sna_table_free(table);
    return status;
}

/* Family and sums; CSV has no place for them beside tables. */
static int add_sums(description *self)
{
    int status = 0;
    uint64_t sum[2] = {0, 0};
    const char *family = sna_circuit_family(self->circuit);

    for (int is_nodes = 0; is_nodes < 2; is_nodes++) {
        const uint64_t count =
            is_nodes ? sna_circuit_node_populations(self->circuit) : sna_circuit_edge_populations(self->circuit);
        for (uint64_t i = 0; i < count && status == 0; i++) {
            sna_nodes *nodes = NULL;
            sna_edges *edges = NULL;
            status = open_population(self->circuit, is_nodes, i, &nodes, &edges);
            sum[is_nodes] += nodes != NULL ? sna_nodes_count(nodes) : edges != NULL ? sna_edges_count(edges) : 0;
        }
    }
    if (status == 0 && family != NULL)
        status = sna_record_text(self->record, "family", "Family", family);
    if (status == 0)
        status = sna_record_integer(self->record, "node_count", "Nodes", NULL, (int64_t)sum[1]);
    if (status == 0)
        status = sna_record_integer(self->record, "edge_count", "Edges", NULL, (int64_t)sum[0]);
    if (status == 0 && sna_circuit_gap_files(self->circuit) > 0)
        status = sna_record_integer(self->record, "gap_junction_files", "Gap-junction files", NULL,
                                    (int64_t)sna_circuit_gap_files(self->circuit));
    return status;
}

int sna_circuit_describe(sna_circuit *circuit, bool values, sna_format format, sna_record **out)
{
    int status = 0;
    const bool people = format == SNA_FORMAT_TEXT || format == SNA_FORMAT_MARKDOWN;
    sna_table *table = NULL;
    description self = {circuit, values, people, NULL};

    *out = NULL;
    status = sna_record_create(&self.record, sna_path_name(sna_circuit_path(circuit)));
    if (status == 0 && format != SNA_FORMAT_CSV)
        status = add_sums(&self);
    if (status == 0)
        status = node_table(circuit, people, &table);
    if (status == 0)
        status = add_table(&self, "nodes", table);
    else
        sna_table_free(table);
    table = NULL;
    if (status == 0)
        status = edge_table(circuit, people, &table);
    if (status == 0)
        status = add_table(&self, "edges", table);
    else
        sna_table_free(table);
    if (status == 0)
        status = add_attributes(&self, true);
    if (status == 0)
        status = add_attributes(&self, false);
    if (status == 0)
        status = people ? add_note_lines(&self, sna_circuit_notes(circuit))
                        : add_note_table(&self, sna_circuit_notes(circuit));
    if (status != 0)
        goto out;
    *out = self.record;
    self.record = NULL;
out:
    sna_record_free(self.record);
    return status;
}
