/* export.c: the graph as GraphML, GML or a list of edges, for other programs.
 *
 * Formats: GraphML 1.0 (Brandes et al. 2002); GML (Himsolt 1997), whose texts are ASCII with HTML character references.
 * They are written here and not by igraph, which would turn 64-bit numbers into doubles and merge nothing it is not
 * told of through its global attribute table. */
#include "graph/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Which cell a number stands for. */
typedef struct {
    const char *population, *label;
    uint64_t id;
} cell_name;

static cell_name name_of(const sna_graph *self, uint64_t cell)
{
    const uint64_t p = sna_arcs_population(&self->arcs, cell);

    return (cell_name){sna_nodes_name(self->arcs.nodes[p]), self->labels.text[self->label[cell]],
                       sna_nodes_id(self->arcs.nodes[p], cell - self->arcs.first[p])};
}

/* Text in XML: & < > " escaped; control characters, which XML cannot hold, as U+FFFD. */
static void write_xml(FILE *stream, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (*c == '&')
            (void)fputs("&amp;", stream);
        else if (*c == '<')
            (void)fputs("&lt;", stream);
        else if (*c == '>')
            (void)fputs("&gt;", stream);
        else if (*c == '"')
            (void)fputs("&quot;", stream);
        else if (*c < 0x20 || *c == 0x7f)
            (void)fputs("\xef\xbf\xbd", stream);
        else
            (void)fputc(*c, stream);
    }
}

/* One character of UTF-8; a byte that starts none is itself (Latin-1). */
static const unsigned char *decode(const unsigned char *text, uint32_t *character)
{
    const int more = *text >= 0xf0 && *text < 0xf8   ? 3
                     : *text >= 0xe0 && *text < 0xf0 ? 2
                     : *text >= 0xc0 && *text < 0xe0 ? 1
                                                     : 0;

    *character = more == 3 ? *text & 7u : more == 2 ? *text & 15u : more == 1 ? *text & 31u : *text;
    for (int k = 1; k <= more; k++) {
        if ((text[k] & 0xc0) != 0x80) {
            *character = *text;
            return text + 1;
        }
        *character = *character << 6 | (text[k] & 63u);
    }
    return text + more + 1;
}

static void write_gml_text(FILE *stream, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0';) {
        uint32_t character;
        c = decode(c, &character);
        if (character == '"' || character == '&' || character < 0x20 || character >= 0x7f)
            (void)fprintf(stream, "&#%" PRIu32 ";", character);
        else
            (void)fputc((int)character, stream);
    }
}

static void write_graphml(const sna_graph *self, FILE *stream)
{
    static const struct {
        const char *id, *element, *name, *type;
    } key[] = {
        {"v_population", "node", "population", "string"},
        {"v_id", "node", "node_id", "long"},
        {"v_label", "node", "label", "string"},
        {"e_rows", "edge", "multiplicity", "long"},
        {"e_nsyns", "edge", "nsyns", "long"},
        {"e_weight", "edge", "weight", "double"},
        {"e_gap", "edge", "gap_junction", "boolean"},
    };

    (void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
                stream);
    for (size_t k = 0; k < sizeof key / sizeof *key; k++)
        (void)fprintf(stream, " <key id=\"%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n", key[k].id,
                      key[k].element, key[k].name, key[k].type);
    (void)fputs(" <graph id=\"network\" edgedefault=\"directed\">\n", stream);
    for (uint64_t v = 0; v < sna_graph_vertices(self); v++) {
        const cell_name cell = name_of(self, v);
        (void)fprintf(stream, "  <node id=\"n%" PRIu64 "\"><data key=\"v_population\">", v);
        write_xml(stream, cell.population);
        (void)fprintf(stream, "</data><data key=\"v_id\">%" PRIu64 "</data><data key=\"v_label\">", cell.id);
        write_xml(stream, cell.label);
        (void)fputs("</data></node>\n", stream);
    }
    for (uint64_t i = 0; i < self->arcs.count; i++) {
        const sna_arc *arc = &self->arcs.arc[i];
        char weight[SNA_NUMBER_SIZE];
        (void)fprintf(stream,
                      "  <edge source=\"n%" PRIu64 "\" target=\"n%" PRIu64 "\"><data key=\"e_rows\">%" PRIu64
                      "</data><data key=\"e_nsyns\">%" PRIu64 "</data>",
                      arc->source, arc->target, arc->rows, arc->synapses);
        if (isfinite(arc->weight))
            (void)fprintf(stream, "<data key=\"e_weight\">%s</data>", sna_number_text(weight, arc->weight));
        (void)fprintf(stream, "<data key=\"e_gap\">%s</data></edge>\n", arc->gap ? "true" : "false");
    }
    (void)fputs(" </graph>\n</graphml>\n", stream);
}

static void write_gml(const sna_graph *self, FILE *stream)
{
    bool multiple = false;

    for (uint64_t i = 1; i < self->arcs.count && !multiple; i++)
        multiple = self->arcs.arc[i - 1].source == self->arcs.arc[i].source &&
                   self->arcs.arc[i - 1].target == self->arcs.arc[i].target;
    (void)fprintf(stream, "graph [\n  directed 1\n%s", multiple ? "  multigraph 1\n" : "");
    for (uint64_t v = 0; v < sna_graph_vertices(self); v++) {
        const cell_name cell = name_of(self, v);
        /* `label` is what readers know a vertex by, so it has to differ: population and id. */
        (void)fprintf(stream, "  node [\n    id %" PRIu64 "\n    label \"", v);
        write_gml_text(stream, cell.population);
        (void)fprintf(stream, " %" PRIu64 "\"\n    population \"", cell.id);
        write_gml_text(stream, cell.population);
        (void)fprintf(stream, "\"\n    nodeid %" PRIu64 "\n    cell \"", cell.id);
        write_gml_text(stream, cell.label);
        (void)fputs("\"\n  ]\n", stream);
    }
    for (uint64_t i = 0; i < self->arcs.count; i++) {
        const sna_arc *arc = &self->arcs.arc[i];
        (void)fprintf(stream,
                      "  edge [\n    source %" PRIu64 "\n    target %" PRIu64 "\n    multiplicity %" PRIu64
                      "\n    nsyns %" PRIu64 "\n",
                      arc->source, arc->target, arc->rows, arc->synapses);
        if (isfinite(arc->weight)) {
            char weight[SNA_NUMBER_SIZE];
            const char *text = sna_number_text(weight, arc->weight);
            /* A real has a point in GML. */
            const char *exponent = strpbrk(text, "eE");
            if (strchr(text, '.') != NULL)
                (void)fprintf(stream, "    weight %s\n", text);
            else
                (void)fprintf(stream, "    weight %.*s.0%s\n",
                              (int)(exponent != NULL ? exponent - text : (long)strlen(text)), text,
                              exponent != NULL ? exponent : "");
        }
        (void)fprintf(stream, "    gapjunction %d\n  ]\n", arc->gap);
    }
    (void)fputs("]\n", stream);
}

static int write_list(const sna_graph *self, FILE *stream)
{
    int status = 0;

    (void)fputs(
        "source_population,source_node_id,target_population,target_node_id,multiplicity,nsyns,weight,gap_junction\n",
        stream);
    for (uint64_t i = 0; i < self->arcs.count && status == 0; i++) {
        const sna_arc *arc = &self->arcs.arc[i];
        const cell_name source = name_of(self, arc->source), target = name_of(self, arc->target);
        char weight[SNA_NUMBER_SIZE];
        status = sna_csv_write_field(stream, source.population, ',');
        (void)fprintf(stream, ",%" PRIu64 ",", source.id);
        if (status == 0)
            status = sna_csv_write_field(stream, target.population, ',');
        (void)fprintf(stream, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%s,%s\n", target.id, arc->rows, arc->synapses,
                      isnan(arc->weight) ? "" : sna_number_text(weight, arc->weight), arc->gap ? "true" : "false");
    }
    return status;
}

static bool ends_in(const char *path, const char *ending)
{
    const size_t length = strlen(path), tail = strlen(ending);

    return length > tail && strcmp(path + length - tail, ending) == 0;
}

int sna_graph_export(const sna_graph *self, const char *path)
{
    int status = 0;
    sna_outputs *outputs = NULL;
    const char *temporary = NULL;
    FILE *stream = NULL;

    if (!ends_in(path, ".graphml") && !ends_in(path, ".gml") && !ends_in(path, ".csv")) {
        status = sna_error(SNA_EINVAL,
                           "%s: its ending says no format; there is: .graphml, .gml, .csv (a list of edges)", path);
        goto out;
    }
    status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_stream_open(&stream, temporary);
    if (status != 0)
        goto out;
    if (ends_in(path, ".graphml"))
        write_graphml(self, stream);
    else if (ends_in(path, ".gml"))
        write_gml(self, stream);
    else
        status = write_list(self, stream);
    /* Closed in any case; it also says whether all of the above was written. */
    if (status == 0)
        status = sna_stream_close(stream, temporary);
    else
        (void)fclose(stream);
    if (status == 0)
        status = sna_outputs_commit(outputs);
out:
    sna_outputs_free(outputs);
    return status;
}
