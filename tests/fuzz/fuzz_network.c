/* fuzz_network.c: HDF5 files of nodes and edges: every population, every attribute, blocks and queries. */
#include "fuzz.h"

/* Reading gives up after this many rows: a file of a kilobyte can claim 2^60. */
enum { ROWS_MOST = 100000 };

static void use_nodes(sna_nodes *nodes)
{
    const double(*position)[3];
    unsigned dimensions = 0;

    if (sna_nodes_count(nodes) > ROWS_MOST)
        return;
    for (uint64_t i = 0; i < sna_nodes_attributes(nodes); i++) {
        const sna_attribute *attribute = sna_nodes_attribute(nodes, i);
        const sna_column *column = NULL;
        const uint32_t *code;
        const sna_list *texts;
        if (sna_nodes_column(nodes, attribute->name, &column) == 0) {
            for (uint64_t row = 0; row < column->count; row++)
                fuzz_use(sna_column_is_missing(column, row) + (sna_column_text(column, row) != NULL));
        }
        if (sna_nodes_labels(nodes, attribute->name, &code, &texts) == 0) {
            for (uint64_t row = 0; row < sna_nodes_count(nodes); row++)
                fuzz_use((unsigned char)texts->text[code[row]][0]);
        }
    }
    if (sna_nodes_positions(nodes, &position, &dimensions) == 0 && dimensions > 0)
        fuzz_use(position[0][0] > 0);
    fuzz_use((uint64_t)sna_nodes_row(nodes, 0));
}

static void use_edges(sna_edges *edges)
{
    enum { MOST = 16 };
    const char *name[MOST];
    const uint64_t ids[] = {0, 1, 5};
    sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET | SNA_EDGE_TYPE, .attribute = name};
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    sna_selection selection = SNA_SELECTION;
    uint64_t rows = 0;

    for (uint64_t i = 0; i < sna_edges_attributes(edges) && i < MOST; i++) {
        if (sna_edges_attribute(edges, i)->storage != SNA_NOT_SUPPORTED)
            name[request.attribute_count++] = sna_edges_attribute(edges, i)->name;
    }
    if (sna_edge_stream_open(&stream, edges, &request) == 0) {
        while (rows < ROWS_MOST && sna_edge_stream_next(stream, &block) == 0 && block.count > 0) {
            rows += block.count;
            for (uint64_t i = 0; i < block.count; i++)
                fuzz_use(block.source[i] + block.target[i] + (uint64_t)block.type[i]);
        }
    }
    sna_edge_stream_close(stream);
    if (sna_edges_count(edges) <= ROWS_MOST) {
        if (sna_edges_afferent(edges, ids, 3, &selection) == 0)
            fuzz_use(sna_selection_rows(&selection));
        sna_selection_free(&selection);
        if (sna_edges_efferent(edges, ids, 3, &selection) == 0)
            fuzz_use(sna_selection_rows(&selection));
    }
    sna_selection_free(&selection);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    sna_circuit *circuit = NULL;
    fuzz_file file;

    if (fuzz_file_open(&file, bytes, size) != 0)
        return 0;
    if (sna_circuit_open(&circuit, file.path) == 0) {
        for (uint64_t i = 0; i < sna_circuit_node_populations(circuit); i++) {
            sna_nodes *nodes = NULL;
            if (sna_circuit_nodes_at(circuit, i, &nodes) == 0)
                use_nodes(nodes);
        }
        for (uint64_t i = 0; i < sna_circuit_edge_populations(circuit); i++) {
            sna_edges *edges = NULL;
            if (sna_circuit_edges_at(circuit, i, &edges) == 0)
                use_edges(edges);
        }
    }
    sna_circuit_close(circuit);
    fuzz_file_close(&file);
    return 0;
}
