/* diagram.c: populations on a ring and the arrows between them. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 48, NODE_LEAST = 30, NODE_MOST = 62, NODES_MOST = 200, LINKS_MOST = 10000, SIDE_MOST = 2400 };
static const double WIDTH_LEAST = 1.2, WIDTH_MOST = 7;
static const double SIZE_LEAST = 0.55; /* of the smallest circle: a name still fits */

void sna_diagram_free(sna_plot_diagram *self)
{
    for (uint64_t i = 0; i < self->nodes && self->node != NULL; i++) {
        free(self->node[i].name);
        free(self->node[i].note);
    }
    for (uint64_t i = 0; i < self->links && self->link != NULL; i++)
        free(self->link[i].label);
    free(self->node);
    free(self->link);
    *self = (sna_plot_diagram){0};
}

int sna_panel_set_diagram(sna_panel *self, const sna_diagram_node *node, uint64_t nodes, const sna_diagram_link *link,
                          uint64_t links)
{
    int status = 0;
    sna_plot_diagram diagram = {0};
    double largest = 0;

    if (nodes == 0 || nodes > NODES_MOST || links > LINKS_MOST) {
        status = sna_error(SNA_EINVAL, "a diagram of %" PRIu64 " populations and %" PRIu64 " links (1 to %d, up to %d)",
                           nodes, links, NODES_MOST, LINKS_MOST);
        goto out;
    }
    status = sna_allocate(&diagram.node, nodes, sizeof *diagram.node);
    if (status == 0)
        status = sna_allocate(&diagram.link, links, sizeof *diagram.link);
    if (status != 0)
        goto out;
    diagram.nodes = nodes;
    diagram.links = links;
    for (uint64_t i = 0; i < nodes; i++)
        largest = fmax(largest, node[i].size);
    for (uint64_t i = 0; i < nodes && status == 0; i++) {
        if (!(node[i].size >= 0) || isinf(node[i].size)) {
            status = sna_error(SNA_EINVAL, "node %" PRIu64 " of a diagram has the size %g", i, node[i].size);
            goto out;
        }
        diagram.node[i].size = largest > 0 ? SIZE_LEAST + (1 - SIZE_LEAST) * sqrt(node[i].size / largest) : 1;
        diagram.node[i].rgb = node[i].colour == 0 ? sna_colour_palette(i) : sna_colour_resolve(node[i].colour, NULL);
        status = sna_lettering_name(&diagram.node[i].name, node[i].name == NULL ? "" : node[i].name);
        if (status == 0)
            status = sna_lettering_name(&diagram.node[i].note, node[i].note);
    }
    for (uint64_t i = 0; i < links && status == 0; i++) {
        if (link[i].source >= nodes || link[i].target >= nodes)
            status = sna_error(SNA_ERANGE,
                               "link %" PRIu64 " goes from node %" PRIu64 " to %" PRIu64 ", but there are %" PRIu64, i,
                               link[i].source, link[i].target, nodes);
        else if (!(link[i].weight >= 0) || isinf(link[i].weight))
            status = sna_error(SNA_EINVAL, "link %" PRIu64 " has the weight %g", i, link[i].weight);
        if (status != 0)
            goto out;
        diagram.link[i] = (sna_drawn_link){link[i].source, link[i].target, link[i].weight, NULL, link[i].end};
        status = sna_lettering_name(&diagram.link[i].label, link[i].label);
    }
    if (status == 0)
        status = sna_panel_claim(self, PANEL_DIAGRAM);
    if (status != 0)
        goto out;
    self->diagram = diagram;
    diagram = (sna_plot_diagram){0};
out:
    sna_diagram_free(&diagram);
    return status;
}

/* ---- measuring ---------------------------------------------------------------------------------------------- */

typedef struct {
    double x, y;
} point;

typedef struct {
    double ring, node; /* radii: of the ring, and of the largest node */
    point centre;
    uint64_t nodes;
    const sna_drawn_node *drawn;
} geometry;

static double radius_of(const geometry *all, uint64_t i)
{
    return all->node * all->drawn[i].size;
}

static double node_radius(const sna_plot_diagram *diagram, double font)
{
    double widest = 0;

    for (uint64_t i = 0; i < diagram->nodes; i++) {
        widest = fmax(widest, sna_lettering_width(diagram->node[i].name, font, true));
        if (diagram->node[i].note != NULL)
            widest = fmax(widest, sna_lettering_width(diagram->node[i].note, font - 2, false));
    }
    return fmin(NODE_MOST, fmax(NODE_LEAST, widest / 2 + 8));
}

static double ring_radius(uint64_t nodes, double node)
{
    /* From the rim of one node to that of the next there is room for an arrow with its label. */
    return nodes == 1 ? 0 : fmax(node + 75, (double)nodes * (2 * node + 130) / (2 * M_PI));
}

/* Clockwise from the top; two stand side by side. */
static double ring_angle(uint64_t nodes, uint64_t i)
{
    return (nodes == 2 ? M_PI : -M_PI / 2) + 2 * M_PI * (double)i / (double)nodes;
}

/* How many links lead from a node back to it. */
static unsigned count_loops(const sna_plot_diagram *diagram, uint64_t node)
{
    unsigned loops = 0;

    for (uint64_t i = 0; i < diagram->links; i++)
        loops += diagram->link[i].source == node && diagram->link[i].target == node;
    return loops;
}

/* A label's box, or another one. */
typedef struct {
    double left, right, top, bottom;
} area;

/* What nodes, and loops with their labels, take up around the middle of the ring. */
static area find_bounds(const sna_plot_diagram *diagram, double node)
{
    const double ring = ring_radius(diagram->nodes, node);
    area out = {-100, 100, -60, 60}; /* a small one has room for its title at least */

    for (uint64_t i = 0; i < diagram->nodes; i++) {
        const double angle = ring_angle(diagram->nodes, i), radius = node * diagram->node[i].size;
        const unsigned loops = count_loops(diagram, i);
        const point at = {ring * cos(angle), ring * sin(angle)};
        /* The top of a loop is three quarters of the way to its control points; its label stands outside. */
        const double out_by = loops == 0 ? 0 : 0.75 * node * (1.6 + 0.5 * (loops - 1)) + 14,
                     reach = radius + (loops == 0 ? 12 : 0.55 * out_by);
        const point far = {at.x + (radius + out_by + 30) * cos(angle) * (loops > 0),
                           at.y + (radius + out_by + 8) * sin(angle) * (loops > 0)};
        out.left = fmin(out.left, fmin(at.x - reach, far.x - (loops > 0 ? 20 : 0)));
        out.right = fmax(out.right, fmax(at.x + reach, far.x + (loops > 0 ? 20 : 0)));
        out.top = fmin(out.top, fmin(at.y - reach, far.y - (loops > 0 ? 8 : 0)));
        out.bottom = fmax(out.bottom, fmax(at.y + reach, far.y + (loops > 0 ? 8 : 0)));
    }
    return out;
}

int sna_diagram_measure(sna_plot_place *place, double scale)
{
    const sna_plot_diagram *diagram = &place->panel->diagram;
    const area bounds = find_bounds(diagram, node_radius(diagram, SIZE_LABEL));
    const double width = bounds.right - bounds.left, height = bounds.bottom - bounds.top;
    const double shrunk = fmin(scale, SIDE_MOST / fmax(width, height)); /* many populations: everything smaller */

    place->cell_width = place->cell_height = shrunk; /* what a pixel of the plan is here */
    place->font = fmax(6, SIZE_LABEL * fmin(1, shrunk));
    place->width = ceil(width * shrunk);
    place->height = ceil(height * shrunk);
    for (int i = 0; i < 4; i++)
        place->margin[i] = 8;
    return 0;
}

/* ---- drawing ------------------------------------------------------------------------------------------------ */

static double node_angle(const geometry *all, uint64_t i)
{
    return ring_angle(all->nodes, i);
}

static point node_place(const geometry *all, uint64_t i)
{
    const double angle = node_angle(all, i);

    return (point){all->centre.x + all->ring * cos(angle), all->centre.y + all->ring * sin(angle)};
}

static point bezier(const point control[4], double t)
{
    const double u = 1 - t, a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;

    return (point){a * control[0].x + b * control[1].x + c * control[2].x + d * control[3].x,
                   a * control[0].y + b * control[1].y + c * control[2].y + d * control[3].y};
}

/* How many links before this one join the same two nodes in the same sense. */
static unsigned link_rank(const sna_plot_diagram *diagram, uint64_t index)
{
    const sna_drawn_link *link = &diagram->link[index];
    unsigned rank = 0;

    for (uint64_t i = 0; i < index; i++)
        rank += diagram->link[i].source == link->source && diagram->link[i].target == link->target;
    return rank;
}

static void link_control(const geometry *all, const sna_drawn_link *link, unsigned rank, point control[4])
{
    const point a = node_place(all, link->source), b = node_place(all, link->target);

    if (link->source == link->target) {
        const double angle = node_angle(all, link->source), radius = radius_of(all, link->source),
                     reach = radius + all->node * (1.6 + 0.5 * rank), spread = 0.72;
        control[0] = (point){a.x + radius * cos(angle - 0.4), a.y + radius * sin(angle - 0.4)};
        control[1] = (point){a.x + reach * cos(angle - spread), a.y + reach * sin(angle - spread)};
        control[2] = (point){a.x + reach * cos(angle + spread), a.y + reach * sin(angle + spread)};
        control[3] = (point){a.x + radius * cos(angle + 0.4), a.y + radius * sin(angle + 0.4)};
    } else {
        /* To the left of the way from a to b, so that both directions are seen; what has no direction goes straight. */
        const double length = hypot(b.x - a.x, b.y - a.y);
        const double aside =
            (link->end == SNA_END_PLAIN && rank == 0 ? 0 : 0.3 * all->node + 0.06 * length) + 0.5 * all->node * rank;
        const point side = {(b.y - a.y) / length * aside, -(b.x - a.x) / length * aside};
        const uint64_t apart = link->source > link->target ? link->source - link->target : link->target - link->source;
        /* Between nodes that are not neighbours the way is drawn in towards the middle, clear of those on the ring. */
        const double pull = all->nodes > 4 && apart > 1 && apart + 1 < all->nodes ? 0.3 : 0;

        control[0] = a;
        control[3] = b;
        for (int i = 1; i <= 2; i++) {
            const point straight = {a.x + (b.x - a.x) * i / 3, a.y + (b.y - a.y) * i / 3};
            control[i] = (point){straight.x + side.x + pull * (all->centre.x - straight.x),
                                 straight.y + side.y + pull * (all->centre.y - straight.y)};
        }
    }
}

/* The part of the curve outside both circles, then `back` pixels less at its end for the arrow's head. */
static void link_span(const geometry *all, const sna_drawn_link *link, const point control[4], double back,
                      double *from, double *to)
{
    const point a = node_place(all, link->source), b = node_place(all, link->target);
    const double clear_a = radius_of(all, link->source) + 3, clear_b = radius_of(all, link->target) + 3;

    *from = 0;
    *to = 1;
    for (int i = 0; i < 250; i++) {
        const double t = i / 500.0;
        const point p = bezier(control, t), q = bezier(control, 1 - t);
        if (hypot(p.x - a.x, p.y - a.y) < clear_a)
            *from = t;
        if (hypot(q.x - b.x, q.y - b.y) < clear_b + back)
            *to = 1 - t;
    }
}

static void draw_head(sna_plot_canvas *canvas, point tip, point foot, double breadth, uint32_t rgb)
{
    const double length = fmax(1e-6, hypot(tip.x - foot.x, tip.y - foot.y));
    const point across = {-(tip.y - foot.y) / length * breadth, (tip.x - foot.x) / length * breadth};

    sna_canvas_polygon(canvas, (const double[]){tip.x, foot.x + across.x, foot.x - across.x, tip.x},
                       (const double[]){tip.y, foot.y + across.y, foot.y - across.y, tip.y}, 4, rgb);
}

static void draw_link(sna_plot_canvas *canvas, const geometry *all, const sna_plot_diagram *diagram, uint64_t index,
                      double full)
{
    const sna_drawn_link *link = &diagram->link[index];
    /* Pale enough that the numbers on crossing lines can be read. */
    const uint32_t rgb = sna_colour_pale(diagram->node[link->source].rgb, 0.8);
    const bool loop = link->source == link->target;
    const double width = loop ? fmin(full, 4) : full; /* a thick line cannot turn so short */
    const double head = link->end == SNA_END_ARROW ? 8 + 1.3 * width : 0,
                 bar = link->end == SNA_END_BAR ? 5 + width : 0;
    point control[4];
    double x[SAMPLES + 1], y[SAMPLES + 1], from, to, tip_from, tip_to;

    link_control(all, link, link_rank(diagram, index), control);
    link_span(all, link, control, head, &from, &to);
    for (int i = 0; i <= SAMPLES; i++) {
        const point p = bezier(control, from + (to - from) * i / SAMPLES);
        x[i] = p.x;
        y[i] = p.y;
    }
    sna_canvas_path(canvas, x, y, SAMPLES + 1, width, link->end == SNA_END_PLAIN ? SNA_DASHED : SNA_SOLID, rgb);
    link_span(all, link, control, 0, &tip_from, &tip_to);
    if (head > 0)
        draw_head(canvas, bezier(control, tip_to), (point){x[SAMPLES], y[SAMPLES]}, head * 0.45, rgb);
    if (bar > 0) {
        const point tip = {x[SAMPLES], y[SAMPLES]}, before = {x[SAMPLES - 2], y[SAMPLES - 2]};
        const double length = fmax(1e-6, hypot(tip.x - before.x, tip.y - before.y));
        const point across = {-(tip.y - before.y) / length * bar, (tip.x - before.x) / length * bar};
        sna_canvas_line(canvas, tip.x - across.x, tip.y - across.y, tip.x + across.x, tip.y + across.y,
                        fmax(2, width * 0.7), SNA_SOLID, rgb);
    }
}

static double overlap(area a, area b)
{
    const double across = fmin(a.right, b.right) - fmax(a.left, b.left),
                 down = fmin(a.bottom, b.bottom) - fmax(a.top, b.top);

    return across > 0 && down > 0 ? across * down : 0;
}

/* Where along its line a label hides least: nodes, ends of lines, and the labels placed before it. */
static area place_label(const geometry *all, const sna_drawn_link *link, unsigned rank, double half, double tall,
                        const area *taken, uint64_t count)
{
    static const double stop[] = {0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74};
    const size_t stops = sizeof stop / sizeof *stop;
    const bool loop = link->source == link->target;
    point control[4];
    area best = {0, 0, 0, 0};
    double least = INFINITY;

    link_control(all, link, rank, control);
    /* Labels of loops stand outside them, in a second row where the first is taken. */
    for (size_t k = 0; k < (loop ? 2 : 1) * stops && least > 0; k++) {
        point at = bezier(control, stop[k % stops]);
        double cost = 0;
        area here;

        if (loop) {
            const point node = node_place(all, link->source);
            const double away = fmax(1e-6, hypot(at.x - node.x, at.y - node.y)), row = k < stops ? 5 : 7 + 2 * tall;
            at.x += (half * fabs(at.x - node.x) / away + row) * (at.x - node.x) / away;
            at.y += (tall + row) * (at.y - node.y) / away;
        }
        here = (area){at.x - half, at.x + half, at.y - tall, at.y + tall};
        for (uint64_t i = 0; i < all->nodes; i++) {
            const point node = node_place(all, i);
            const double r = 0.9 * radius_of(all, i);
            cost += 4 * overlap(here, (area){node.x - r, node.x + r, node.y - r, node.y + r});
        }
        for (uint64_t i = 0; i < count; i++)
            cost += overlap(here, taken[i]);
        if (cost < least) {
            least = cost;
            best = here;
        }
    }
    return best;
}

static int draw_link_labels(sna_plot_canvas *canvas, const geometry *all, const sna_plot_diagram *diagram, double font)
{
    area *taken = NULL;
    uint64_t count = 0;
    int status = sna_allocate(&taken, diagram->links, sizeof *taken);

    for (uint64_t i = 0; i < diagram->links && status == 0; i++) {
        const sna_drawn_link *link = &diagram->link[i];
        double half, tall;

        if (link->label == NULL || link->label[0] == '\0')
            continue;
        half = sna_lettering_width(link->label, font, false) / 2 + 2;
        tall = 0.6 * font * (double)sna_lettering_lines(link->label) + 1;
        taken[count] = place_label(all, link, link_rank(diagram, i), half, tall, taken, count);
        sna_canvas_box(canvas, taken[count].left, taken[count].top, taken[count].right, taken[count].bottom, 0xFFFFFFu);
        sna_canvas_text(canvas, (taken[count].left + taken[count].right) / 2,
                        (taken[count].top + taken[count].bottom) / 2, link->label, font, ALIGN_CENTRE, 0, INK, false);
        count++;
    }
    free(taken);
    return status;
}

/* Smaller letters where the text is too wide for the circle, and fewer where that is not enough. */
static void draw_inside(sna_plot_canvas *canvas, point at, const char *text, double size, double room, bool bold,
                        uint32_t ink)
{
    char *shortened = NULL;
    const double wide = sna_lettering_width(text, size, bold);
    const double fitting = fmax(6, fmin(size, floor(2 * size * room / fmax(wide, 1)) / 2));

    if (canvas->status == 0)
        canvas->status = sna_lettering_shorten(&shortened, text, fitting * (bold ? 1.11 : 1), room + 1);
    if (canvas->status == 0)
        sna_canvas_text(canvas, at.x, at.y, shortened, fitting, ALIGN_CENTRE, 0, ink, bold);
    free(shortened);
}

/* The place to break a name in two: behind the underscore, hyphen or blank nearest to its middle; 0 for none. */
static size_t name_break(const char *name)
{
    const size_t length = strlen(name);
    size_t best = 0;

    for (size_t i = 0; i + 1 < length; i++) {
        const size_t here = i + 1, off = 2 * here > length ? 2 * here - length : length - 2 * here;
        const size_t least = 2 * best > length ? 2 * best - length : length - 2 * best;
        if (strchr("_- ", name[i]) != NULL && off < least)
            best = here;
    }
    return best;
}

static void draw_node(sna_plot_canvas *canvas, const geometry *all, const sna_drawn_node *node, uint64_t index,
                      double font)
{
    const point at = node_place(all, index);
    const uint32_t ink = sna_colour_contrast(node->rgb);
    const double radius = radius_of(all, index), room = 2 * radius - 8;
    /* A name that would have to be set much smaller stands in two lines, where the circle has room for them. */
    const bool small = sna_lettering_width(node->name, 0.75 * font, true) > room;
    const size_t broken = small && radius > 2.2 * font ? name_break(node->name) : 0;
    double y = at.y - (node->note == NULL ? 0 : 0.6 * font);

    sna_canvas_disc(canvas, at.x, at.y, radius, node->rgb);
    if (broken > 0) {
        char *first = strndup(node->name, broken);
        if (first == NULL && canvas->status == 0)
            canvas->status = sna_error(SNA_ENOMEM, "no memory for a name");
        y -= 0.6 * font;
        draw_inside(canvas, (point){at.x, y}, first != NULL ? first : "", font, room, true, ink);
        y += 1.2 * font;
        free(first);
    }
    draw_inside(canvas, (point){at.x, y}, node->name + broken, font, room, true, ink);
    if (node->note != NULL)
        draw_inside(canvas, (point){at.x, y + 1.25 * font}, node->note, font - 2, room, false, ink);
}

void sna_diagram_draw(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    const sna_plot_diagram *diagram = &place->panel->diagram;
    const double scale = place->cell_width, node = node_radius(diagram, SIZE_LABEL);
    const area bounds = find_bounds(diagram, node);
    const geometry all = {ring_radius(diagram->nodes, node) * scale,
                          node * scale,
                          {place->left - bounds.left * scale, place->top - bounds.top * scale},
                          diagram->nodes,
                          diagram->node};
    double largest = 0;
    int status;

    for (uint64_t i = 0; i < diagram->links; i++)
        largest = fmax(largest, diagram->link[i].weight);
    for (uint64_t i = 0; i < diagram->links; i++) {
        const double part = largest > 0 ? diagram->link[i].weight / largest : 0;
        draw_link(canvas, &all, diagram, i, round(4 * (WIDTH_LEAST + part * (WIDTH_MOST - WIDTH_LEAST))) / 4);
    }
    status = draw_link_labels(canvas, &all, diagram, fmax(6, place->font - 2));
    if (canvas->status == 0)
        canvas->status = status;
    for (uint64_t i = 0; i < diagram->nodes; i++)
        draw_node(canvas, &all, &diagram->node[i], i, place->font);
}
