/* colour.c: colours that people with any colour vision can tell apart, and colour maps of even steps. */
#include "internal.h"

#include <math.h>

uint32_t sna_colour_palette(uint64_t index)
{
    /* Okabe & Ito 2008, "Color universal design", in an order that starts with the darker ones; their yellow is too
     * pale for a line on white, so it comes last. */
    static const uint32_t palette[] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0xF0E442};

    return palette[index % (sizeof palette / sizeof *palette)];
}

uint32_t sna_colour_resolve(sna_colour colour, uint64_t *next)
{
    uint32_t rgb = 0;

    if (colour == 0)
        rgb = sna_colour_palette(next == NULL ? 0 : (*next)++);
    else if ((colour & 0x1000000u) != 0)
        rgb = colour & 0xFFFFFFu;
    else
        rgb = sna_colour_palette(colour - 1);
    return rgb;
}

/* OKLab (Ottosson 2020, "A perceptual color space for image processing") to linear sRGB. */
static void from_oklab(double lightness, double a, double b, double rgb[3])
{
    const double l_ = lightness + 0.3963377774 * a + 0.2158037573 * b;
    const double m_ = lightness - 0.1055613458 * a - 0.0638541728 * b;
    const double s_ = lightness - 0.0894841775 * a - 1.2914855480 * b;
    const double l = l_ * l_ * l_, m = m_ * m_ * m_, s = s_ * s_ * s_;

    rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
}

static uint32_t to_byte(double linear)
{
    double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;

    value = value < 0 ? 0 : value > 1 ? 1 : value;
    return (uint32_t)lround(value * 255);
}

/* The colour of a lightness (0 .. 1), chroma and hue (degrees); the chroma is lowered to what a screen can show. */
static uint32_t from_lch(double lightness, double chroma, double hue)
{
    const double angle = hue * M_PI / 180;
    double rgb[3];

    for (int i = 0; i < 60; i++) {
        from_oklab(lightness, chroma * cos(angle), chroma * sin(angle), rgb);
        if (rgb[0] >= 0 && rgb[0] <= 1 && rgb[1] >= 0 && rgb[1] <= 1 && rgb[2] >= 0 && rgb[2] <= 1)
            break;
        chroma *= 0.96;
    }
    return to_byte(rgb[0]) << 16 | to_byte(rgb[1]) << 8 | to_byte(rgb[2]);
}

static double clamp(double t)
{
    return t >= 0 ? (t <= 1 ? t : 1) : 0; /* NaN: 0 */
}

uint32_t sna_colour_sequential(double part)
{
    const double t = clamp(part), bump = (t - 0.28) / 0.13;

    /* Lightness falls evenly, which is what is read as "more"; the hue turns from yellow over green and blue to violet.
     * The chroma follows what a screen can show from just below, so that nothing is cut and the steps stay even. */
    return from_lch(0.975 - 0.70 * t, 0.025 + 0.066 * (1 - pow(1 - t, 3)) + 0.04 * exp(-bump * bump) + 0.03 * pow(t, 6),
                    108 + 172 * t);
}

uint32_t sna_colour_diverging(double t)
{
    const double side = 2 * clamp(t) - 1, far = fabs(side);

    return from_lch(0.975 - 0.53 * far, 0.145 * far, side < 0 ? 255 : 40);
}

uint32_t sna_colour_pale(uint32_t rgb, double part)
{
    uint32_t pale = 0;

    for (int shift = 16; shift >= 0; shift -= 8) {
        const double value = (double)(rgb >> shift & 0xFFu);
        pale |= (uint32_t)lround(255 - part * (255 - value)) << shift;
    }
    return pale;
}

static double to_linear(uint32_t byte)
{
    const double value = byte / 255.0;

    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

uint32_t sna_colour_contrast(uint32_t rgb)
{
    /* Relative luminance and contrast ratio of WCAG 2.1: (lighter + 0.05) / (darker + 0.05). */
    const double luminance =
        0.2126 * to_linear(rgb >> 16 & 0xFFu) + 0.7152 * to_linear(rgb >> 8 & 0xFFu) + 0.0722 * to_linear(rgb & 0xFFu);

    return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? 0xFFFFFFu : 0x000000u;
}

unsigned sna_colour_terminal(uint32_t rgb)
{
    static const int level[] = {0, 95, 135, 175, 215, 255};
    unsigned index = 16, best_index = 0;
    int64_t best = INT64_MAX;

    for (int r = 0; r < 6; r++) {
        for (int g = 0; g < 6; g++) {
            for (int b = 0; b < 6; b++, index++) {
                const int64_t dr = level[r] - (int)(rgb >> 16 & 0xFFu), dg = level[g] - (int)(rgb >> 8 & 0xFFu),
                              db = level[b] - (int)(rgb & 0xFFu), distance = dr * dr + dg * dg + db * db;
                if (distance < best) {
                    best = distance;
                    best_index = index;
                }
            }
        }
    }
    for (int grey = 0; grey < 24; grey++, index++) {
        const int64_t value = 8 + 10 * grey, dr = value - (int)(rgb >> 16 & 0xFFu),
                      dg = value - (int)(rgb >> 8 & 0xFFu), db = value - (int)(rgb & 0xFFu),
                      distance = dr * dr + dg * dg + db * db;
        if (distance < best) {
            best = distance;
            best_index = index;
        }
    }
    return best_index;
}
