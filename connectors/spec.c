/* spec.c: small readers that the parts of a specification share. */
#include "spec.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

uint64_t sna_spec_length(const cJSON *list)
{
    uint64_t count = 0;

    for (const cJSON *item = list->child; item != NULL; item = item->next)
        count++;
    return count;
}

int sna_spec_join(const char *const *keys, sna_string *out)
{
    int status = 0;

    for (uint64_t i = 0; keys[i] != NULL && status == 0; i++)
        status = sna_string_format(out, "%s%s", i == 0 ? "" : ", ", keys[i]);
    return status;
}

int sna_spec_one_key(const sna_json *json, const cJSON *item, const char *const *keys, const cJSON **out)
{
    int status = sna_json_check_keys(json, item, keys);
    sna_string list = SNA_STRING;

    *out = NULL;
    if (status == 0 && sna_spec_length(item) != 1) {
        status = sna_spec_join(keys, &list);
        if (status == 0)
            status = sna_json_error(json, item, SNA_EFORMAT, "must have exactly one of the keys %s, found %" PRIu64,
                                    sna_string_text(&list), sna_spec_length(item));
    }
    if (status == 0)
        *out = item->child;
    sna_string_free(&list);
    return status;
}

int sna_spec_read_numbers(const sna_json *json, const cJSON *item, double *out, uint64_t count)
{
    int status = sna_json_expect_array(json, item);
    uint64_t i = 0;

    if (status == 0 && sna_spec_length(item) != count)
        status = sna_json_error(json, item, SNA_EFORMAT, "must be a list of %" PRIu64 " numbers, found %" PRIu64, count,
                                sna_spec_length(item));
    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL && status == 0; child = child->next)
        status = sna_json_real(json, child, &out[i++]);
    return status;
}

int sna_spec_read_pair(const sna_json *json, const cJSON *item, double out[2])
{
    int status = sna_spec_read_numbers(json, item, out, 2);
    char low[SNA_NUMBER_SIZE], high[SNA_NUMBER_SIZE];

    if (status == 0 && !(out[0] <= out[1]))
        status =
            sna_json_error(json, item, SNA_EFORMAT, "the first number must not be above the second, found [%s, %s]",
                           sna_number_text(low, out[0]), sna_number_text(high, out[1]));
    return status;
}

int sna_spec_read_weights(const sna_json *json, const cJSON *item, double **out, uint64_t *count)
{
    int status = sna_json_expect_array(json, item);
    double *sum = NULL;
    double total = 0;
    uint64_t n = 0;
    char number[SNA_NUMBER_SIZE];

    *out = NULL;
    *count = 0;
    if (status == 0 && item->child == NULL)
        status = sna_json_error(json, item, SNA_EFORMAT, "must list at least one probability");
    if (status == 0)
        status = sna_allocate(&sum, sna_spec_length(item), sizeof *sum);
    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL; child = child->next) {
        double p = 0;
        status = sna_json_real(json, child, &p);
        if (status == 0 && !(p >= 0 && p <= 1))
            status = sna_json_error(json, child, SNA_EFORMAT, "must be a probability from 0 to 1, found %s",
                                    sna_number_text(number, p));
        if (status != 0)
            goto out;
        total += p;
        sum[n++] = total;
    }
    if (status != 0)
        goto out;
    if (!(fabs(total - 1) <= 1e-6)) {
        status = sna_json_error(json, item, SNA_EFORMAT, "the probabilities must add up to 1, they add up to %s",
                                sna_number_text(number, total));
        goto out;
    }
    for (uint64_t i = 0; i < n; i++)
        sum[i] /= total;
    sum[n - 1] = 1;
    *out = sum;
    *count = n;
    sum = NULL;
out:
    free(sum);
    return status;
}

int sna_spec_expect_length(const sna_json *json, const cJSON *item, uint64_t count, const char *other)
{
    int status = sna_json_expect_array(json, item);

    if (status == 0 && sna_spec_length(item) != count)
        status = sna_json_error(json, item, SNA_EFORMAT, "must be as long as `%s` (%" PRIu64 "), found %" PRIu64, other,
                                count, sna_spec_length(item));
    return status;
}

uint64_t sna_spec_choose(const double *cumulative, uint64_t count, double u)
{
    uint64_t low = 0, high = count - 1;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (cumulative[middle] > u)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int sna_spec_unknown(const sna_json *json, const cJSON *item, const char *what, const char *word, const sna_list *known)
{
    int status = 0;
    sna_string list = SNA_STRING;
    const char *guess = sna_closest(word, (const char *const *)known->text, known->count);

    status = sna_list_join(known, 20, &list);
    if (status == 0)
        status = sna_json_error(json, item, SNA_EFORMAT, "there is no %s `%s`%s%s%s; there are: %s", what, word,
                                guess == NULL ? "" : ", did you mean `", guess == NULL ? "" : guess,
                                guess == NULL ? "" : "`?", known->count == 0 ? "none" : sna_string_text(&list));
    sna_string_free(&list);
    return status;
}
