/* internal.h: what the files of plot/ share: a figure in memory, and the stages on its way to a gnuplot script. */
#ifndef SNA_PLOT_INTERNAL_H
#define SNA_PLOT_INTERNAL_H

#include "plot.h"

#include <locale.h>

/* ---- a figure in memory (figure.c, layer.c) ------------------------------------------------------------------- */

typedef struct {
    char *label, *unit;
    double low, high; /* NaN: from the data */
    bool log, reversed;
    bool named;
    sna_list name;
} plot_axis;

typedef enum {
    LAYER_LINE, LAYER_POINTS, LAYER_BAND, LAYER_ERRORS, LAYER_BOXES, LAYER_RULE, LAYER_TEXT, LAYER_CLOUD, LAYER_ARROWS
} layer_kind;

enum { LAYER_ARRAYS = 6 };

/* data[] by kind: LINE x (NULL: start + i step), y; POINTS x, y; BAND and ERRORS x, low, high; BOXES left, right, height;
 * CLOUD x, y, z; ARROWS x, y, z, dx, dy, dz. */
typedef struct {
    layer_kind kind;
    char *name;
    uint32_t rgb;
    sna_dash dash;
    sna_mark mark;
    double size;
    uint64_t count;
    double *data[LAYER_ARRAYS];
    double start, step;
    uint32_t *group; /* [count] or NULL */
    uint64_t groups; /* 0: not grouped */
    sna_list group_name;
    sna_axis axis;   /* RULE */
    double value;    /* RULE: where; ARROWS: length of the head */
    double place[2]; /* TEXT */
    char *text;
} plot_layer;

/* A heat map's own copy of its table. */
typedef struct {
    uint64_t rows, columns;
    double *value;      /* [rows * columns], NaN: missing */
    sna_list text;      /* [rows * columns], what stands in each cell; "" for a missing one */
    sna_list row_name, column_name;
    char *value_label, *row_label, *column_label; /* may be NULL */
    bool diverging, numbers, missing;
    double low, high;
} plot_heat;

/* A table as texts. */
typedef struct {
    uint64_t rows, columns; /* shown */
    sna_list heading;       /* [columns] */
    sna_list text;          /* [rows * columns] */
    bool *right;            /* [columns] set flush right */
    sna_list note;
} plot_sheet;

typedef struct {
    char *name, *note; /* note may be NULL */
    uint32_t rgb;
} diagram_node;

typedef struct {
    uint64_t source, target;
    double weight;
    char *label; /* may be NULL */
    sna_end end;
} diagram_link;

typedef struct {
    diagram_node *node;
    uint64_t nodes;
    diagram_link *link;
    uint64_t links;
} plot_diagram;

typedef enum { PANEL_EMPTY, PANEL_FLAT, PANEL_SPACE, PANEL_HEAT, PANEL_SHEET, PANEL_DIAGRAM } panel_kind;

struct sna_panel {
    panel_kind kind;
    char *title;
    plot_axis axis[3];
    double width, height; /* 0: default */
    bool equal, equal_set;
    double azimuth, elevation;
    plot_layer *layer;
    uint64_t layers, capacity;
    uint64_t next_colour;
    plot_heat heat;
    plot_sheet sheet;
    plot_diagram diagram;
};

struct sna_figure {
    char *title;
    sna_panel **panel;
    uint64_t panels, capacity;
    uint64_t columns;
    double width, height; /* 0: automatic */
    bool share_x, share_y;
    sna_list row_name, column_name; /* of a grid, empty otherwise */
    sna_list note;
};

/* Makes a panel one of the kind, or fails with SNA_EINVAL where it is another kind already. */
int panel_claim(sna_panel *self, panel_kind kind) SNA_CHECK_RESULT;
void heat_free(plot_heat *self);
void sheet_free(plot_sheet *self);
void diagram_free(plot_diagram *self);

/* The C locale, for numbers with a decimal point; (locale_t)0 when there is no memory for it. */
locale_t plot_locale(void);

/* ---- text (lettering.c) ---------------------------------------------------------------------------------------- */

/* A copy of `text` (NULL: NULL) that is valid UTF-8 without control characters except newline: a tab becomes a blank,
 * anything else that does not belong becomes U+FFFD. */
int lettering_copy(char **out, const char *text) SNA_CHECK_RESULT;
int lettering_add(sna_list *list, const char *text) SNA_CHECK_RESULT;
/* The next character of valid UTF-8, and *text moved behind it; 0 at the end. */
uint32_t lettering_next(const char **text);
/* Width of the widest line in DejaVu Sans of `size` pixels. */
double lettering_width(const char *text, double size, bool bold);
uint64_t lettering_lines(const char *text);
/* Columns in a terminal of the text's first line. */
uint64_t lettering_columns(const char *text);
/* Breaks a text at blanks so that lines are at most `width` pixels wide where words allow; append to *out. */
int lettering_wrap(sna_string *out, const char *text, double size, bool bold, double width) SNA_CHECK_RESULT;
/* A copy of the text's first line, cut with an ellipsis where it is wider than `width`. */
int lettering_shorten(char **out, const char *text, double size, double width) SNA_CHECK_RESULT;
/* A number with a decimal point and so many decimals, whatever the locale. */
void lettering_number(char *buffer, size_t size, double value, int places);
/* "label (unit)", or NULL in *out when there is neither. */
int lettering_axis(char **out, const char *label, const char *unit) SNA_CHECK_RESULT;

enum { SIZE_TITLE = 16, SIZE_PANEL = 13, SIZE_LABEL = 13, SIZE_TICK = 12, SIZE_NOTE = 11 };

/* ---- colours (colour.c) ---------------------------------------------------------------------------------------- */

#define INK 0x303030u   /* axes and text */
#define FAINT 0xd9d9d9u /* grids and rules behind the data */

/* The rgb of a colour; `next` (may be NULL) is the palette place that 0 takes and moves on. */
uint32_t colour_resolve(sna_colour colour, uint64_t *next);
uint32_t colour_palette(uint64_t index);
/* The colour maps at t = 0 .. 1 (diverging: 0.5 is the middle). */
uint32_t colour_sequential(double t);
uint32_t colour_diverging(double t);
/* `part` of the colour on white. */
uint32_t colour_pale(uint32_t rgb, double part);
/* Black or white, whichever is easier to read on the colour. */
uint32_t colour_contrast(uint32_t rgb);
/* The nearest of the 6 x 6 x 6 cube and the greys of a 256-colour terminal. */
unsigned colour_terminal(uint32_t rgb);

/* ---- axes (scale.c) -------------------------------------------------------------------------------------------- */

/* An axis with its range and ticks settled. */
typedef struct {
    double low, high;
    bool log, reversed;
    double *tick;  /* [ticks] */
    sna_list name; /* [ticks] */
    uint64_t ticks;
    double *minor; /* [minors], without numbers */
    uint64_t minors;
} plot_scale;

/* What the layers of a panel hold along one axis. */
typedef struct {
    double low, high; /* low > high: nothing */
    bool zero;        /* bars stand on 0 */
    bool pad;         /* marks at the ends need room */
} plot_extent;

#define EXTENT_NONE ((plot_extent){INFINITY, -INFINITY, false, false})

void extent_add(plot_extent *self, double value, bool log);
plot_extent extent_union(plot_extent a, plot_extent b);
/* Range and about one tick each `spacing` pixels of `length`; `across`: tick names stand side by side along the axis,
 * and are thinned where they would touch. */
int scale_settle(plot_scale *self, const plot_axis *axis, plot_extent extent, double length, double spacing,
                 bool across) SNA_CHECK_RESULT;
/* 0 at the low end, 1 at the high end (reversed: the other way round). NaN where there is no place. */
double scale_place(const plot_scale *self, double value);
/* The value at a place. */
double scale_value(const plot_scale *self, double place);
/* Widest tick name in pixels. */
double scale_name_width(const plot_scale *self, double size);
void scale_free(plot_scale *self);
/* A number as a person writes it: true minus, powers of ten as superscripts; `step` is the distance of its neighbours. */
void scale_number(char *buffer, size_t size, double value, double step);

/* ---- drawing surface in pixels (canvas.c) ------------------------------------------------------------------------ */

/* What is written to a script; after the first failure nothing more is added, and `status` tells. */
typedef struct {
    sna_string text;
    int status;
} plot_script;
#define PLOT_SCRIPT ((plot_script){SNA_STRING, 0})

void script_put(plot_script *self, const char *format, ...) SNA_PRINTF(2, 3);
/* The text as a gnuplot constant in which nothing is expanded. */
void script_quote(plot_script *self, const char *text);

typedef enum { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } plot_align;
typedef struct canvas_item canvas_item;

/* Lines, areas, marks and texts at pixels from the upper left corner, in the order they are drawn (texts last). */
typedef struct {
    canvas_item *item;
    uint64_t count, capacity;
    plot_script label;
    int status;
} plot_canvas;

void canvas_line(plot_canvas *self, double x0, double y0, double x1, double y1, double width, sna_dash dash,
                 uint32_t rgb);
void canvas_path(plot_canvas *self, const double *x, const double *y, uint64_t count, double width, sna_dash dash,
                 uint32_t rgb);
void canvas_polygon(plot_canvas *self, const double *x, const double *y, uint64_t count, uint32_t rgb);
void canvas_box(plot_canvas *self, double x0, double y0, double x1, double y1, uint32_t rgb);
void canvas_disc(plot_canvas *self, double x, double y, double radius, uint32_t rgb);
void canvas_mark(plot_canvas *self, double x, double y, sna_mark mark, double size, uint32_t rgb);
/* One cell of a picture whose cells are all `width` by `height`, around (x, y). */
void canvas_cell(plot_canvas *self, double x, double y, uint32_t rgb);
/* (x, y) is the middle of the text's height, at its left end, centre or right end; `angle` in degrees. */
void canvas_text(plot_canvas *self, double x, double y, const char *text, double size, plot_align align, double angle,
                 uint32_t rgb, bool bold);
/* Writes it as one gnuplot plot over the whole picture. */
void canvas_write(plot_canvas *self, plot_script *script, double width, double height);
void canvas_free(plot_canvas *self);
/* gnuplot's names of marks and dashes. */
int mark_type(sna_mark mark);
const char *dash_type(sna_dash dash);

/* ---- arranging (layout.c) ---------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    uint32_t rgb;
    layer_kind kind;
    sna_dash dash;
    sna_mark mark;
    double size;
} legend_entry;

typedef struct {
    legend_entry *entry;
    uint64_t count;
    bool beside;          /* in columns to the right, else in a row above */
    uint64_t rows;        /* beside: entries in a column */
    double column_width, width;
} plot_legend;

/* A panel with its place. */
typedef struct {
    const sna_panel *panel;
    double left, top, width, height; /* of the plotting area */
    double margin[4];                /* left, right, top, bottom; of flat panels in one column the same left */
    plot_scale scale[3];
    char *axis_label[3];             /* may be NULL */
    bool show_x, show_y;             /* numbers and labels */
    plot_legend legend;
    double cell_width, cell_height;
    double font, label_font;         /* of the numbers in cells (0: none), and of the names beside them */
    bool slant;                      /* names of columns stand at an angle */
} plot_place;

typedef struct {
    double width, height;
    plot_place *place; /* [panels] */
    uint64_t panels;
    char *title;       /* wrapped; may be NULL */
    char *note;        /* wrapped; may be NULL */
    double title_left, title_top, note_top;
    double *row_middle, *column_middle; /* of a grid */
    double row_name_x, column_name_y;
} plot_layout;

int layout_make(plot_layout *self, const sna_figure *figure) SNA_CHECK_RESULT;
void layout_free(plot_layout *self);
/* Extents of a flat panel's layers. */
plot_extent panel_extent(const sna_panel *self, sna_axis axis);

/* Each kind of panel: the size of its area (left alone where already given) with its margins, and its drawing. */
int heat_measure(plot_place *place, double scale) SNA_CHECK_RESULT;
void heat_draw(const plot_place *place, plot_canvas *canvas);
int sheet_measure(plot_place *place, double scale) SNA_CHECK_RESULT;
void sheet_draw(const plot_place *place, plot_canvas *canvas);
int diagram_measure(plot_place *place, double scale) SNA_CHECK_RESULT;
void diagram_draw(const plot_place *place, plot_canvas *canvas);
void legend_draw(const plot_place *place, plot_canvas *canvas);
void axes_draw(const plot_place *place, plot_canvas *canvas);

/* ---- the script (script.c, flat.c, space.c) ------------------------------------------------------------ */

typedef enum { TARGET_PNG, TARGET_SVG, TARGET_PDF, TARGET_WINDOW } plot_target;

/* The whole script; `output` is the file it writes, or the gnuplot terminal of a window. Lines and marks are thinned to
 * what the target can show. */
int figure_script(sna_string *out, const sna_figure *self, plot_target target, const char *output) SNA_CHECK_RESULT;
/* Pixels of the target for one of ours. */
double target_fineness(plot_target target, double width, double height);
/* One panel's plot; its data blocks are named for `index`. */
void flat_draw(const plot_place *place, uint64_t index, const plot_layout *layout, double fineness, plot_script *script);
void space_draw(const plot_place *place, double fineness, plot_canvas *canvas);
/* Margins of the plotting area. */
void script_area(plot_script *script, const plot_place *place, const plot_layout *layout);

/* Indices of the points of an ascending line that matter at `bins` across its scale (thin.c). */
int thin_line(uint64_t **keep, uint64_t *kept, const plot_layer *layer, const plot_scale *x, uint64_t bins)
    SNA_CHECK_RESULT;
/* A set of places on a grid, for drawing only once what falls on the same place. */
typedef struct {
    uint64_t *bit;
    uint64_t columns, rows;
    double width, height;
} thin_grid;
/* Grid of `fineness` places to the pixel. */
int thin_grid_create(thin_grid *self, double width, double height, double fineness) SNA_CHECK_RESULT;
/* True the first time something comes to (x, y) pixels; false for NaN and outside. */
bool thin_grid_take(thin_grid *self, double x, double y);
void thin_grid_free(thin_grid *self);
double layer_x(const plot_layer *layer, uint64_t i);
/* The mark of a group: another shape each time the palette starts over. */
sna_mark group_mark(const plot_layer *layer, uint64_t group);

/* ---- SVG (svg.c) ---------------------------------------------------------------------------------------------------- */

/* gnuplot's SVG made fit for a page: its tooltips dropped, `title` put in their place, fallbacks for the font, `prefix`
 * (may be NULL) before every id; without the XML declaration when `inline_only`. */
int svg_tidy(sna_string *out, const char *svg, uint64_t size, const char *title, const char *prefix, bool inline_only)
    SNA_CHECK_RESULT;

#endif
