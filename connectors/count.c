/* count.c: how many synapses a connected pair has: constant, or drawn for each pair. */
#include <math.h>
#include <stdlib.h>

#include "internal.h"
#include "spec.h"

/* Keeps sums of 64-bit counts far from overflow. */
static const uint64_t count_most = 1000000000;

static int read_one(uint64_t *out, const sna_json *json, const cJSON *item)
{
    int status = sna_json_unsigned(json, item, out);

    if (status == 0 && (*out < 1 || *out > count_most))
        status = sna_json_error(json, item, SNA_EFORMAT, "must be a number of synapses from 1 to 1000000000");
    return status;
}

static int read_choices(sna_count *out, const sna_json *json, const cJSON *item)
{
    static const char *const keys[] = {"p", "n", NULL};
    int status = 0;
    const cJSON *p = NULL, *n = NULL;

    status = sna_json_check_keys(json, item, keys);
    if (status == 0)
        status = sna_json_require(json, item, "p", &p);
    if (status == 0)
        status = sna_json_require(json, item, "n", &n);
    if (status == 0)
        status = sna_spec_read_weights(json, p, &out->cumulative, &out->choices);
    if (status == 0)
        status = sna_spec_expect_length(json, n, out->choices, "p");
    if (status == 0)
        status = sna_allocate(&out->choice, out->choices, sizeof *out->choice);
    for (uint64_t i = 0; i < out->choices && status == 0; i++)
        status = read_one(&out->choice[i], json, cJSON_GetArrayItem(n, (int)i));
    return status;
}

int sna_count_read(sna_count *out, const sna_json *json, const cJSON *item)
{
    static const char *const keys[] = {"uniform", "poisson", "choose", NULL};
    int status = 0;
    const cJSON *inner;
    double bound[2];

    *out = (sna_count){.kind = SNA_COUNT_CONSTANT, .low = 1, .high = 1};
    if (cJSON_IsNumber(item)) {
        status = read_one(&out->low, json, item);
        out->high = out->low;
        goto out;
    }
    if (!cJSON_IsObject(item)) {
        status = sna_json_error(json, item, SNA_EFORMAT,
                                "must be a whole number of at least 1, or {\"uniform\": [1, 5]}, {\"poisson\": 3}, "
                                "{\"choose\": {\"p\": [...], \"n\": [...]}}");
        goto out;
    }
    status = sna_spec_one_key(json, item, keys, &inner);
    if (status != 0)
        goto out;
    switch (inner->string[0]) {
    case 'u':
        out->kind = SNA_COUNT_UNIFORM;
        status = sna_spec_read_pair(json, inner, bound);
        if (status == 0)
            status = read_one(&out->low, json, inner->child);
        if (status == 0)
            status = read_one(&out->high, json, inner->child->next);
        break;
    case 'p':
        out->kind = SNA_COUNT_POISSON;
        status = sna_json_real(json, inner, &out->mean);
        if (status == 0 && !(out->mean > 0 && out->mean <= 1e9))
            status = sna_json_error(json, inner, SNA_EFORMAT, "must be a mean above 0 and up to 1e9");
        break;
    default:
        out->kind = SNA_COUNT_CHOOSE;
        status = read_choices(out, json, inner);
        break;
    }
out:
    if (status != 0)
        sna_count_free(out);
    return status;
}

uint64_t sna_count_draw(const sna_count *self, uint64_t seed, uint64_t source, uint64_t target, uint64_t copy)
{
    sna_random random;
    uint64_t n;

    if (self->kind == SNA_COUNT_CONSTANT)
        return self->low;
    sna_random_start(&random, seed, self->purpose, source, target);
    random.counter[3] = copy; /* nothing else uses this word */
    switch (self->kind) {
    case SNA_COUNT_UNIFORM:
        return self->low + sna_random_below(&random, self->high - self->low + 1);
    case SNA_COUNT_POISSON:
        n = sna_random_poisson(&random, self->mean);
        return n > 0 ? n : 1;
    default:
        return self->choice[sna_spec_choose(self->cumulative, self->choices, sna_random_uniform(&random))];
    }
}

double sna_count_mean(const sna_count *self)
{
    double mean = 0;

    switch (self->kind) {
    case SNA_COUNT_POISSON:
        return self->mean + exp(-self->mean); /* a draw of 0 counts as 1 */
    case SNA_COUNT_CHOOSE:
        for (uint64_t i = 0; i < self->choices; i++)
            mean += (double)self->choice[i] * (self->cumulative[i] - (i > 0 ? self->cumulative[i - 1] : 0));
        return mean;
    default:
        return ((double)self->low + (double)self->high) / 2;
    }
}

double sna_count_variance(const sna_count *self)
{
    const double mean = sna_count_mean(self), values = (double)(self->high - self->low) + 1;
    double squares = 0;

    switch (self->kind) {
    case SNA_COUNT_POISSON:
        return self->mean + self->mean * self->mean + exp(-self->mean) - mean * mean;
    case SNA_COUNT_CHOOSE:
        for (uint64_t i = 0; i < self->choices; i++)
            squares += (double)self->choice[i] * (double)self->choice[i] *
                       (self->cumulative[i] - (i > 0 ? self->cumulative[i - 1] : 0));
        return fmax(0, squares - mean * mean);
    default:
        return (values * values - 1) / 12;
    }
}

bool sna_count_allows(const sna_count *self, uint64_t synapses)
{
    switch (self->kind) {
    case SNA_COUNT_POISSON:
        return synapses >= 1;
    case SNA_COUNT_CHOOSE:
        for (uint64_t i = 0; i < self->choices; i++) {
            if (self->choice[i] == synapses)
                return true;
        }
        return false;
    default:
        return synapses >= self->low && synapses <= self->high;
    }
}

void sna_count_free(sna_count *self)
{
    free(self->choice);
    free(self->cumulative);
    *self = (sna_count){.low = 1, .high = 1};
}
