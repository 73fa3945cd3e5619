/* inputs.c: all inputs of one cell of a network, by where they come from.
 *
 *     inputs circuit_config.json POPULATION NODE_ID
 *
 * prints, for each edge population and each pop_name of its sources, the rows of edges that end on the cell, their
 * synapses, and the mean weight of a synapse. Any network of either SONATA family will do; where there is an index only
 * the rows of that cell are read. inputs.py does the same without this library. */
#include <inttypes.h>
#include <sonatina/sonata.h>
#include <stdlib.h>
#include <string.h>

/* What comes from the sources of one label. */
typedef struct {
    uint64_t edges, synapses;
    double weight; /* summed over synapses */
} input;

/* Adds the edges of a block; `weight` and `synapses` are its columns, NULL where the population has no such thing. */
static void add_block(input *sum, const sna_edge_block *block, sna_nodes *source, const uint32_t *label,
                      const sna_column *weight, const sna_column *synapses)
{
    for (uint64_t i = 0; i < block->count; i++) {
        const int64_t row = sna_nodes_row(source, block->source[i]);
        input *to = row < 0 ? NULL : &sum[label[row]];
        const uint64_t n =
            synapses == NULL || sna_column_is_missing(synapses, i) ? 1 : (uint64_t)sna_column_integer(synapses, i);
        if (to == NULL)
            continue; /* the network is not valid: there is no such node */
        to->edges++;
        to->synapses += n;
        to->weight += (double)n * (weight == NULL ? 0 : sna_column_real(weight, i));
    }
}

/* All edges of one population that end on the node. */
static int show_population(sna_circuit *circuit, sna_edges *edges, uint64_t node)
{
    const char *name[2];
    sna_selection rows = SNA_SELECTION;
    sna_edge_request request = {.parts = SNA_EDGE_SOURCE, .attribute = name, .selection = &rows};
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    sna_nodes *source = NULL, *target = NULL;
    const uint32_t *label = NULL;
    const sna_list *labels = NULL;
    int64_t weight = -1, synapses = -1;
    input *sum = NULL;
    int status = sna_circuit_ends(circuit, edges, &source, &target);

    if (status == 0)
        status = sna_nodes_labels(source, "pop_name", &label, &labels);
    if (status == 0)
        status = sna_allocate(&sum, labels->count, sizeof *sum);
    if (status == 0)
        status = sna_edges_afferent(edges, &node, 1, &rows);
    if (status != 0)
        goto out;
    /* An attribute may stand with each edge or in the CSV of edge types, that makes no difference here. */
    if (sna_edges_find_attribute(edges, "syn_weight") != NULL) {
        weight = (int64_t)request.attribute_count;
        name[request.attribute_count++] = "syn_weight";
    }
    if (sna_edges_find_attribute(edges, "nsyns") != NULL) {
        synapses = (int64_t)request.attribute_count;
        name[request.attribute_count++] = "nsyns";
    }
    status = sna_edge_stream_open(&stream, edges, &request);
    while (status == 0 && (status = sna_edge_stream_next(stream, &block)) == 0 && block.count > 0)
        add_block(sum, &block, source, label, weight < 0 ? NULL : &block.column[weight],
                  synapses < 0 ? NULL : &block.column[synapses]);
    for (uint64_t k = 0; k < labels->count && status == 0; k++) {
        if (sum[k].edges > 0)
            printf("%s,%s,%" PRIu64 ",%" PRIu64 ",%.6g\n", sna_edges_name(edges), labels->text[k], sum[k].edges,
                   sum[k].synapses, sum[k].weight / (double)sum[k].synapses);
    }
out:
    sna_edge_stream_close(stream);
    sna_selection_free(&rows);
    free(sum);
    return status;
}

int main(int argc, char **argv)
{
    sna_circuit *circuit = NULL;
    uint64_t node = 0;
    int status = 0;

    if (argc != 4 || sna_unsigned_parse(&node, argv[3]) != 0) {
        (void)fprintf(stderr, "Usage: inputs CONFIG POPULATION NODE_ID\n");
        return 2;
    }
    status = sna_circuit_open(&circuit, argv[1]);
    if (status == 0)
        printf("edges_from,pop_name,edges,synapses,mean_weight\n");
    for (uint64_t i = 0; status == 0 && i < sna_circuit_edge_populations(circuit); i++) {
        sna_edges *edges = NULL;
        status = sna_circuit_edges_at(circuit, i, &edges);
        if (status == 0 && strcmp(sna_edges_target_population(edges), argv[2]) == 0)
            status = show_population(circuit, edges, node);
    }
    if (status != 0)
        (void)fprintf(stderr, "inputs: %s\n", sna_error_message());
    sna_circuit_close(circuit);
    return status == 0 ? 0 : 1;
}
