/* place.c: where nodes are: the `positions` of a population. */
#include <stdlib.h>

#include "internal.h"
#include "spec.h"

struct sna_place {
    const cJSON *item;
    double low[3], high[3]; /* box, um */
};

int sna_place_read(struct sna_place **out, const sna_network *network, const cJSON *item)
{
    static const char *const keys[] = {"box", NULL}, *const box_keys[] = {"min", "max", NULL};
    int status = 0;
    struct sna_place *self = NULL;
    const cJSON *shape = NULL, *low = NULL, *high = NULL;

    status = sna_spec_one_key(network->json, item, keys, &shape);
    if (status == 0)
        status = sna_json_check_keys(network->json, shape, box_keys);
    if (status == 0)
        status = sna_json_require(network->json, shape, "min", &low);
    if (status == 0)
        status = sna_json_require(network->json, shape, "max", &high);
    if (status == 0)
        status = sna_allocate(&self, 1, sizeof *self);
    if (status == 0)
        status = sna_spec_read_numbers(network->json, low, self->low, 3);
    if (status == 0)
        status = sna_spec_read_numbers(network->json, high, self->high, 3);
    for (unsigned d = 0; d < 3 && status == 0; d++) {
        if (!(self->low[d] <= self->high[d]))
            status = sna_json_error(network->json, shape, SNA_EFORMAT, "`min` is above `max` in %c", "xyz"[d]);
    }
    if (status != 0)
        goto out;
    self->item = item;
    *out = self;
    self = NULL;
out:
    sna_place_free(self);
    return status;
}

void sna_place_free(struct sna_place *self)
{
    free(self);
}

/* Files keep positions as 32-bit floats: the network is built on exactly those. */
static double stored(double value)
{
    return (double)(float)value;
}

static int place_population(const sna_network *self, sna_population *population)
{
    int status = 0;
    char *name = NULL;
    uint64_t purpose;

    status = sna_text_format(&name, "positions/%s", population->name);
    if (status == 0)
        status = sna_allocate(&population->position, population->count, sizeof *population->position);
    if (status != 0)
        goto out;
    purpose = sna_random_purpose(name);
    for (uint64_t i = 0; i < population->count; i++) {
        const struct sna_place *place = population->place;
        sna_random random;
        sna_random_start(&random, self->seed, purpose, i, 0);
        for (unsigned d = 0; d < 3; d++)
            population->position[i][d] =
                stored(place->low[d] + (place->high[d] - place->low[d]) * sna_random_uniform(&random));
    }
out:
    free(name);
    return status;
}

int sna_network_place(sna_network *self)
{
    int status = 0;

    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        if (self->population[i].place != NULL)
            status = place_population(self, &self->population[i]);
    }
    return status;
}
