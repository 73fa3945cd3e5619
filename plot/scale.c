/* scale.c: the range of an axis and its ticks. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void sna_extent_add(sna_plot_extent *self, double value, bool log)
{
    if (!isfinite(value) || (log && value <= 0))
        return;
    if (value < self->low)
        self->low = value;
    if (value > self->high)
        self->high = value;
}

sna_plot_extent sna_extent_union(sna_plot_extent a, sna_plot_extent b)
{
    return (sna_plot_extent){fmin(a.low, b.low), fmax(a.high, b.high), a.zero || b.zero, a.pad || b.pad};
}

static int append_superscript(char *buffer, size_t size, int power)
{
    static const char *const digit[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char plain[16];
    size_t at = 0;

    (void)snprintf(plain, sizeof plain, "%d", power);
    for (const char *c = plain; *c != '\0' && at + 4 < size; c++) {
        const char *text = *c == '-' ? "⁻" : digit[*c - '0'];
        at += (size_t)snprintf(buffer + at, size - at, "%s", text);
    }
    return (int)at;
}

/* A '-' at the start becomes a true minus. */
static void set_minus(char *buffer, size_t size, const char *plain)
{
    (void)snprintf(buffer, size, "%s%s", plain[0] == '-' ? "−" : "", plain + (plain[0] == '-'));
}

void sna_scale_decimal(char *buffer, size_t size, double value, int places)
{
    char plain[64];

    sna_lettering_number(plain, sizeof plain, value, places < 0 ? 0 : places > 12 ? 12 : places);
    set_minus(buffer, size, plain);
}

void sna_scale_number(char *buffer, size_t size, double value, double step, double largest)
{
    char plain[64];

    if (!isfinite(value) || fabs(value) < step * 1e-6) {
        (void)snprintf(buffer, size, "%s", isnan(value) ? "–" : isinf(value) ? (value > 0 ? "∞" : "−∞") : "0");
    } else if (largest >= 1e6 || largest < 1e-3) {
        const int power = (int)floor(log10(fabs(value)) + 1e-9);
        const double unit = pow(10, power), mantissa = value / unit;
        const int places = step > 0 && step < unit ? (int)ceil(-log10(step / unit) - 1e-6) : 0;
        int at;

        sna_lettering_number(plain, sizeof plain, mantissa, places > 12 ? 12 : places);
        set_minus(buffer, size, plain);
        at = (int)strlen(buffer);
        if (strcmp(plain, "1") == 0 || strcmp(plain, "-1") == 0)
            at = snprintf(buffer, size, "%s10", plain[0] == '-' ? "−" : "");
        else if ((size_t)at + 8 < size)
            at += snprintf(buffer + at, size - (size_t)at, "×10");
        (void)append_superscript(buffer + at, size - (size_t)at, power);
    } else {
        sna_scale_decimal(buffer, size, value, step > 0 && step < 1 ? (int)ceil(-log10(step) - 1e-6) : 0);
    }
}

static int add_tick(sna_plot_scale *self, double value, const char *name)
{
    int status = 0;
    double *grown = realloc(self->tick, (size_t)(self->ticks + 1) * sizeof *grown);

    if (grown == NULL) {
        status = sna_error(SNA_ENOMEM, "no memory for the ticks of an axis");
        goto out;
    }
    self->tick = grown;
    status = sna_list_add(&self->name, name);
    if (status == 0)
        self->tick[self->ticks++] = value;
out:
    return status;
}

static int add_minor(sna_plot_scale *self, double value)
{
    double *grown = realloc(self->minor, (size_t)(self->minors + 1) * sizeof *grown);

    if (grown == NULL)
        return sna_error(SNA_ENOMEM, "no memory for the ticks of an axis");
    self->minor = grown;
    self->minor[self->minors++] = value;
    return 0;
}

/* 1, 2 or 5 times a power of ten, near to what was wished: the next one up, unless the one below is but a little less.
 */
static double round_step(double wished)
{
    const double unit = pow(10, floor(log10(wished)));
    const double part = wished / unit;

    return unit * (part <= 1.25 ? 1 : part <= 2.5 ? 2 : part <= 6.25 ? 5 : 10);
}

enum { TICKS_MOST = 200 };

/* The multiples of `step` on the axis: the first in units of the step, and how many. */
static uint64_t count_ticks(const sna_plot_scale *self, double step, double *first)
{
    *first = ceil(self->low / step - 1e-6);
    return (uint64_t)fmin(TICKS_MOST, fmax(0, floor(self->high / step + 1e-6) - *first + 1));
}

static int linear_ticks(sna_plot_scale *self, double length, double spacing, bool across)
{
    int status = 0;
    const double span = self->high - self->low, largest = fmax(fabs(self->low), fabs(self->high));
    double step = round_step(span / fmax(1, floor(length / spacing)));
    double first = 0;
    uint64_t count = count_ticks(self, step, &first);
    char text[64];

    /* One number says nothing about a scale. */
    if (count < 2) {
        step = round_step(step * 0.4);
        count = count_ticks(self, step, &first);
    }
    /* Long numbers side by side get a wider step. */
    for (int attempt = 0; attempt < 4; attempt++) {
        double widest = 0;

        for (uint64_t i = 0; i < count; i++) {
            sna_scale_number(text, sizeof text, (first + (double)i) * step, step, largest);
            widest = fmax(widest, sna_lettering_width(text, SIZE_TICK, false));
        }
        if (!across || widest + 10 <= step / span * length || step >= span)
            break;
        step = round_step(step * 1.8);
        count = count_ticks(self, step, &first);
    }
    for (uint64_t i = 0; i < count && status == 0; i++) {
        const double value = (first + (double)i) * step;

        sna_scale_number(text, sizeof text, value, step, largest);
        status = add_tick(self, value, text);
    }
    return status;
}

static int log_ticks(sna_plot_scale *self, double length, double spacing)
{
    int status = 0;
    const double decades = log10(self->high / self->low);
    const double most = fmax(2, floor(length / spacing));
    const int stride = (int)fmax(1, ceil(decades / most));
    const int first = (int)floor(log10(self->low) - 1e-9), last = (int)ceil(log10(self->high) + 1e-9);
    const bool between = decades * 3 <= most; /* room for 1, 2, 5 */
    const bool powers = self->high > 1e5 || self->low < 1e-4;
    char text[64];

    for (int power = first; power <= last && status == 0; power++) {
        for (int digit = 1; digit < 10 && status == 0; digit++) {
            const double value = digit * pow(10, power);
            const bool named = power % stride == 0 && (digit == 1 || (between && (digit == 2 || digit == 5)));

            if (value < self->low * (1 - 1e-9) || value > self->high * (1 + 1e-9))
                continue;
            if (named) {
                if (!powers || (digit == 1 && (power == 0 || power == 1)))
                    sna_scale_decimal(text, sizeof text, value, power < 0 ? -power : 0);
                else /* one way of writing along the whole axis */
                    sna_scale_number(text, sizeof text, value, value, INFINITY);
                status = add_tick(self, value, text);
            } else if (stride == 1 || digit == 1) {
                status = add_minor(self, value);
            }
        }
    }
    return status;
}

static int named_ticks(sna_plot_scale *self, const sna_plot_axis *axis, double length, bool across)
{
    int status = 0;
    const double each = length / fmax(1e-9, self->high - self->low);
    double widest = 0;
    uint64_t stride;

    for (uint64_t i = 0; i < axis->name.count; i++)
        widest = fmax(widest, sna_lettering_width(axis->name.text[i], SIZE_TICK, false));
    stride = (uint64_t)fmin(1e9, fmax(1, ceil((across ? widest + 8 : SIZE_TICK * 1.2) / each)));
    for (uint64_t i = 0; i < axis->name.count && status == 0; i += stride) {
        if ((double)i >= self->low && (double)i <= self->high)
            status = add_tick(self, (double)i, axis->name.text[i]);
    }
    return status;
}

int sna_scale_settle(sna_plot_scale *self, const sna_plot_axis *axis, sna_plot_extent extent, double length,
                     double spacing, bool across)
{
    int status = 0;
    const bool log = axis->log && !axis->named;
    double low = extent.low, high = extent.high, room;

    *self = (sna_plot_scale){.log = log, .reversed = axis->reversed, .name = SNA_LIST};
    if (axis->named && axis->name.count > 0) {
        low = fmin(low, -0.5);
        high = fmax(high, (double)axis->name.count - 0.5);
        extent.zero = extent.pad = false;
    }
    if (low > high) {
        low = log ? 1 : 0;
        high = log ? 10 : 1;
    }
    if (!log && extent.zero) {
        low = fmin(low, 0);
        high = fmax(high, 0);
    }
    if (log) {
        room = high > low * (1 + 1e-9) ? (extent.pad ? pow(high / low, 0.04) : 1) : 2;
        low /= room;
        high *= room;
    } else if (high - low <= 1e-12 * fmax(fabs(low), fabs(high))) {
        room = high == 0 ? 1 : 0.1 * fabs(high);
        low = extent.zero && low == 0 ? 0 : low - room;
        high += room;
    } else if (extent.pad) {
        room = 0.04 * (high - low);
        low = extent.zero && low == 0 ? 0 : low - room;
        high = extent.zero && high == 0 ? 0 : high + room;
    }
    if (!isnan(axis->low) && (!log || axis->low > 0))
        low = axis->low;
    if (!isnan(axis->high) && (!log || axis->high > 0))
        high = axis->high;
    if (!(high > low)) { /* one end was given, and all data lie beyond it */
        if (isnan(axis->high))
            high = log ? low * 10 : low + fmax(1, fabs(low) * 0.1);
        else
            low = log ? high / 10 : high - fmax(1, fabs(high) * 0.1);
    }
    /* A range too wide for its own difference would make everything infinite. */
    low = fmax(low, log ? 1e-300 : -1e300);
    high = fmin(high, 1e300);
    self->low = low;
    self->high = high;
    if (axis->named)
        status = named_ticks(self, axis, length, across);
    else if (log && log10(high / low) > 0.9)
        status = log_ticks(self, length, spacing);
    else
        status = linear_ticks(self, length, spacing, across);
    return status;
}

double sna_scale_place(const sna_plot_scale *self, double value)
{
    double place;

    if (self->log)
        place = value > 0 ? log(value / self->low) / log(self->high / self->low) : NAN;
    else
        place = (value - self->low) / (self->high - self->low);
    return self->reversed ? 1 - place : place;
}

double sna_scale_value(const sna_plot_scale *self, double place)
{
    if (self->reversed)
        place = 1 - place;
    return self->log ? self->low * pow(self->high / self->low, place) : self->low + place * (self->high - self->low);
}

double sna_scale_name_width(const sna_plot_scale *self, double size)
{
    double widest = 0;

    for (uint64_t i = 0; i < self->name.count; i++)
        widest = fmax(widest, sna_lettering_width(self->name.text[i], size, false));
    return widest;
}

void sna_scale_free(sna_plot_scale *self)
{
    free(self->tick);
    free(self->minor);
    sna_list_free(&self->name);
    *self = (sna_plot_scale){0};
}
