/* render.c: running gnuplot on a script, and putting what it drew where it belongs. */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int sna_picture_parse(sna_picture *out, const char *path)
{
    static const char *const ending[] = {".png", ".svg", ".pdf"};
    static const sna_picture picture[] = {SNA_PICTURE_PNG, SNA_PICTURE_SVG, SNA_PICTURE_PDF};
    const size_t length = strlen(path);

    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        const size_t own = strlen(ending[i]);
        if (length > own && strcasecmp(path + length - own, ending[i]) == 0) {
            *out = picture[i];
            return 0;
        }
    }
    return sna_error(SNA_EINVAL, "%s: the name of a picture ends in .png, .svg or .pdf", path);
}

static sna_plot_target target_of(sna_picture picture)
{
    return picture == SNA_PICTURE_PNG ? TARGET_PNG : picture == SNA_PICTURE_SVG ? TARGET_SVG : TARGET_PDF;
}

/* What gnuplot complained of: its last line `"/dev/stdin" line 12: undefined variable: x`, without the place. */
static void last_complaint(const char *said, char *out, size_t size)
{
    (void)snprintf(out, size, "it did not say why");
    while (*said != '\0') {
        const size_t length = strcspn(said, "\n");
        const char *colon = strncmp(said, "\"/dev/stdin\" line ", 18) == 0 ? memchr(said, ':', length) : NULL;

        if (colon != NULL && strncmp(colon, ": warning", 9) != 0) {
            colon += 1 + strspn(colon + 1, " ");
            (void)snprintf(out, size, "%.*s", (int)(said + length - colon), colon);
        }
        said += length + (said[length] == '\n');
    }
}

/* Runs a script to its end, without the settings of the user. */
static int run_gnuplot(const char *script, bool window)
{
    /* The pipe by its name: gnuplot reads its standard input byte by byte, but a file in blocks. */
    static const char *const argv[] = {"gnuplot", "--default-settings", "/dev/stdin", NULL};
    static const char *const environment[] = {"GNUTERM=unknown", "LC_ALL=C.UTF-8",
                                              "GNUPLOT_LIB=", "GNUPLOT_FONTPATH=", NULL};
    static const char *const window_environment[] = {"LC_ALL=C.UTF-8", "GNUPLOT_LIB=", NULL};
    sna_process process = {0};
    char *path = NULL, complaint[300];
    int status = sna_process_find(&path, "gnuplot");

    if (status == SNA_EMISSING) {
        status = sna_error(SNA_EMISSING,
                           "pictures need the program gnuplot, which is not installed (not on PATH): on Debian, "
                           "apt install gnuplot-nox");
        goto out;
    }
    if (status == 0)
        status = sna_process_run(&process, argv, NULL, window ? window_environment : environment, script);
    if (status != 0)
        goto out;
    if (process.signal != 0) {
        status =
            sna_error(SNA_EEXTERNAL, "gnuplot was ended by signal %d (%s)", process.signal, strsignal(process.signal));
    } else if (process.exit_status != 0) {
        last_complaint(sna_string_text(&process.output), complaint, sizeof complaint);
        status = sna_error(SNA_EEXTERNAL, "gnuplot failed with status %d: %s", process.exit_status, complaint);
    }
out:
    sna_process_free(&process);
    free(path);
    return status;
}

/* A picture that gnuplot did not finish (a full disk) has no proper end. */
static int check_complete(sna_picture picture, const char *bytes, uint64_t size)
{
    static const char *const start[] = {"\x89PNG\r\n\x1a\n", "<?xml", "%PDF-"};
    static const char *const end[] = {"IEND\xAE\x42\x60\x82", "</svg>", "%%EOF"};
    const size_t first = strlen(start[picture]), last = strlen(end[picture]);

    while (picture != SNA_PICTURE_PNG && size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r'))
        size--;
    if (size < first + last || memcmp(bytes, start[picture], first) != 0 ||
        memcmp(bytes + size - last, end[picture], last) != 0)
        return sna_error(SNA_EEXTERNAL, "gnuplot did not finish the picture (is the disk full?)");
    return 0;
}

/* gnuplot opens a name that starts with | as a pipe to a shell, and expands ~: a folder in front makes it a name. */
static int plain_name(char **out, const char *path)
{
    return path[0] == '/' ? sna_text_copy(out, path) : sna_text_format(out, "./%s", path);
}

/* Draws the figure into an existing file. */
static int draw_into(const sna_figure *self, sna_picture picture, const char *prefix, bool inline_only,
                     const char *file, char **bytes, uint64_t *size)
{
    int status = 0;
    sna_string script = SNA_STRING, tidy = SNA_STRING;
    char *name = NULL;
    FILE *stream = NULL;

    *bytes = NULL;
    status = plain_name(&name, file);
    if (status == 0)
        status = sna_figure_script(&script, self, target_of(picture), name);
    if (status == 0)
        status = run_gnuplot(sna_string_text(&script), false);
    if (status == 0)
        status = sna_file_read(bytes, size, file);
    if (status == 0)
        status = check_complete(picture, *bytes, *size);
    if (status != 0 || picture != SNA_PICTURE_SVG)
        goto out;
    status = sna_svg_tidy(&tidy, *bytes, *size, self->title, prefix, inline_only);
    if (status == 0)
        status = sna_stream_open(&stream, file);
    if (status != 0)
        goto out;
    if (fwrite(tidy.text, 1, (size_t)tidy.length, stream) != tidy.length)
        status = sna_error(SNA_EIO, "cannot write %s: %s", file, strerror(errno));
    if (status == 0)
        status = sna_stream_close(stream, file);
    else
        (void)fclose(stream);
    free(*bytes);
    *bytes = tidy.text;
    *size = tidy.length;
    tidy = SNA_STRING;
out:
    if (status != 0) {
        free(*bytes);
        *bytes = NULL;
    }
    sna_string_free(&tidy);
    sna_string_free(&script);
    free(name);
    return status;
}

static int write_script(const sna_figure *self, sna_picture picture, const char *path, const char *file)
{
    int status = 0;
    sna_string script = SNA_STRING;
    FILE *stream = NULL;
    char *name = NULL;

    status = plain_name(&name, path);
    if (status == 0)
        status = sna_figure_script(&script, self, target_of(picture), name);
    if (status == 0)
        status = sna_stream_open(&stream, file);
    if (status != 0)
        goto out;
    if (fwrite(script.text, 1, (size_t)script.length, stream) != script.length)
        status = sna_error(SNA_EIO, "cannot write %s: %s", file, strerror(errno));
    if (status == 0)
        status = sna_stream_close(stream, file);
    else
        (void)fclose(stream);
out:
    sna_string_free(&script);
    free(name);
    return status;
}

int sna_figure_write_to(const sna_figure *self, sna_outputs *outputs, const char *path, const char *script)
{
    int status = 0;
    sna_picture picture = SNA_PICTURE_PNG;
    const char *temporary = NULL;
    char *bytes = NULL;
    uint64_t size = 0;

    status = sna_picture_parse(&picture, path);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_error_in(draw_into(self, picture, NULL, false, temporary, &bytes, &size), "%s", path);
    if (status == 0 && script != NULL) {
        status = sna_outputs_add(outputs, script, &temporary);
        if (status == 0)
            status = write_script(self, picture, path, temporary);
    }
    free(bytes);
    return status;
}

int sna_figure_write(const sna_figure *self, const char *path, const char *script)
{
    sna_outputs *outputs = NULL;
    int status = sna_outputs_create(&outputs);

    if (status == 0)
        status = sna_figure_write_to(self, outputs, path, script);
    if (status == 0)
        status = sna_outputs_commit(outputs);
    sna_outputs_free(outputs);
    return status;
}

int sna_figure_write_script(const sna_figure *self, const char *script)
{
    int status = 0;
    const char *const name = sna_path_name(script), *const dot = strrchr(name, '.');
    const int length = (int)(dot == NULL || dot == name ? strlen(script) : (size_t)(dot - script));
    const char *temporary = NULL;
    char *picture = NULL;
    sna_outputs *outputs = NULL;

    status = sna_text_format(&picture, "%.*s.png", length, script);
    if (status == 0 && strcmp(picture, script) == 0)
        status = sna_error(SNA_EINVAL, "%s: a gnuplot script is no picture; call it .gp", script);
    if (status == 0)
        status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_outputs_add(outputs, script, &temporary);
    if (status == 0)
        status = write_script(self, SNA_PICTURE_PNG, picture, temporary);
    if (status == 0)
        status = sna_outputs_commit(outputs);
    sna_outputs_free(outputs);
    free(picture);
    return status;
}

int sna_figure_render(const sna_figure *self, sna_picture picture, const char *prefix, char **bytes, uint64_t *size)
{
    int status = 0;
    const char *folder = getenv("TMPDIR"), *temporary = NULL;
    char *path = NULL;
    sna_outputs *outputs = NULL; /* never committed: only a name that is cleaned up */

    *bytes = NULL;
    *size = 0;
    status = sna_path_join(&path, folder == NULL || folder[0] == '\0' ? "/tmp" : folder, "sonatina-picture");
    if (status == 0)
        status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = draw_into(self, picture, prefix, true, temporary, bytes, size);
    sna_outputs_free(outputs);
    free(path);
    return status;
}

/* ---- a window ----------------------------------------------------------------------------------------------- */

/* The best of gnuplot's terminals that opens a window. */
static int find_window(const char **out)
{
    static const char *const argv[] = {"gnuplot", "--default-settings", "-", NULL};
    static const char *const environment[] = {"GNUTERM=unknown", NULL};
    static const char *const known[] = {"qt", "wxt", "x11"};
    sna_process process = {0};
    char *path = NULL;
    int status = sna_process_find(&path, "gnuplot");

    *out = NULL;
    free(path);
    if (status == SNA_EMISSING) {
        status = sna_error(SNA_EMISSING,
                           "pictures need the program gnuplot, which is not installed (not on PATH): on Debian, "
                           "apt install gnuplot-qt");
        goto out;
    }
    if (status == 0)
        status = sna_process_run(&process, argv, NULL, environment, "print ' '.GPVAL_TERMINALS.' '\n");
    for (size_t i = 0; i < sizeof known / sizeof *known && status == 0 && *out == NULL; i++) {
        char word[8];
        (void)snprintf(word, sizeof word, " %s ", known[i]);
        if (strstr(sna_string_text(&process.output), word) != NULL)
            *out = known[i];
    }
    if (status == 0 && *out == NULL)
        status = sna_error(SNA_EMISSING, "this gnuplot cannot open windows: on Debian, apt install gnuplot-qt");
out:
    sna_process_free(&process);
    return status;
}

int sna_figure_show(const sna_figure *self)
{
    const char *terminal = NULL, *display = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
    sna_string script = SNA_STRING;
    int status = 0;

    if ((display == NULL || display[0] == '\0') && (wayland == NULL || wayland[0] == '\0')) {
        status = sna_error(SNA_EMISSING,
                           "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set)");
        goto out;
    }
    status = find_window(&terminal);
    if (status == 0)
        status = sna_figure_script(&script, self, TARGET_WINDOW, terminal);
    if (status == 0)
        status = run_gnuplot(sna_string_text(&script), true);
out:
    sna_string_free(&script);
    return status;
}
