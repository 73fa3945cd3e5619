/* elf.c: reads the symbols of a shared object without loading it: does it have NEURON's entry points, and which
 * function of which mod file stands at the place of a crash? Every offset of the file is checked before it is
 * followed. */
#include "internal.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
enum { OWN_MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { OWN_MACHINE = EM_AARCH64 };
#elif defined(__powerpc64__)
enum { OWN_MACHINE = EM_PPC64 };
#elif defined(__riscv)
enum { OWN_MACHINE = EM_RISCV };
#else
enum { OWN_MACHINE = EM_NONE };
#endif

int sna_elf_open(sna_elf *self, const char *path)
{
    int status = 0;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    Elf64_Ehdr header;
    void *mapped;

    *self = (sna_elf){NULL, 0};
    if (file < 0) {
        status =
            sna_error(errno == ENOENT || errno == ENOTDIR ? SNA_ENOTFOUND : SNA_EIO, "%s: %s", path, strerror(errno));
        goto out;
    }
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < (off_t)sizeof header) {
        status = sna_error(SNA_EFORMAT, "%s is not a shared library", path);
        goto out;
    }
    mapped = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapped == MAP_FAILED) {
        status = sna_error(SNA_EIO, "%s: %s", path, strerror(errno));
        goto out;
    }
    self->bytes = mapped;
    self->size = (uint64_t)about.st_size;
    memcpy(&header, self->bytes, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_type != ET_DYN) {
        status = sna_error(SNA_EFORMAT, "%s is not a 64-bit shared library", path);
        goto out;
    }
    if (OWN_MACHINE != EM_NONE && header.e_machine != OWN_MACHINE)
        status = sna_error(SNA_EFORMAT, "%s was built for another kind of processor", path);
out:
    if (file >= 0)
        (void)close(file);
    if (status != 0)
        sna_elf_close(self);
    return status;
}

/* Section header `index` into *out; false when it is not wholly inside the file. */
static bool section(const sna_elf *self, uint64_t index, Elf64_Shdr *out)
{
    Elf64_Ehdr header;
    uint64_t at;

    memcpy(&header, self->bytes, sizeof header);
    if (index >= header.e_shnum || header.e_shentsize != sizeof *out || header.e_shoff > self->size)
        return false;
    at = header.e_shoff + index * sizeof *out;
    if (at > self->size || self->size - at < sizeof *out)
        return false;
    memcpy(out, self->bytes + at, sizeof *out);
    return out->sh_type == SHT_NOBITS || (out->sh_offset <= self->size && out->sh_size <= self->size - out->sh_offset);
}

/* A symbol table and its names; false when the file has none of that type. */
static bool find_symbols(const sna_elf *self, uint32_t type, Elf64_Shdr *symbols, Elf64_Shdr *names)
{
    Elf64_Ehdr header;

    memcpy(&header, self->bytes, sizeof header);
    for (uint64_t i = 0; i < header.e_shnum; i++) {
        if (section(self, i, symbols) && symbols->sh_type == type && symbols->sh_entsize == sizeof(Elf64_Sym) &&
            section(self, symbols->sh_link, names) && names->sh_type == SHT_STRTAB && names->sh_size > 0 &&
            self->bytes[names->sh_offset + names->sh_size - 1] == '\0')
            return true;
    }
    return false;
}

static const char *symbol_name(const sna_elf *self, const Elf64_Shdr *names, const Elf64_Sym *symbol)
{
    return symbol->st_name < names->sh_size ? (const char *)self->bytes + names->sh_offset + symbol->st_name : "";
}

int sna_elf_find(const sna_elf *self, const char *const *name, int names)
{
    Elf64_Shdr symbols, strings;
    int found = -1;

    if (!find_symbols(self, SHT_DYNSYM, &symbols, &strings))
        return -1;
    for (uint64_t i = 0; i < symbols.sh_size / sizeof(Elf64_Sym) && found != 0; i++) {
        Elf64_Sym symbol;
        const char *own;
        memcpy(&symbol, self->bytes + symbols.sh_offset + i * sizeof symbol, sizeof symbol);
        if (symbol.st_shndx == SHN_UNDEF)
            continue;
        own = symbol_name(self, &strings, &symbol);
        for (int k = 0; k < (found < 0 ? names : found); k++) {
            if (own[0] == name[k][0] && strcmp(own, name[k]) == 0) {
                found = k;
                break;
            }
        }
    }
    return found;
}

bool sna_elf_locate(const sna_elf *self, uint64_t address, const char **function, const char **source)
{
    Elf64_Shdr symbols, names;
    const char *file = NULL;
    bool found = false;

    *function = *source = NULL;
    if (!find_symbols(self, SHT_SYMTAB, &symbols, &names) && !find_symbols(self, SHT_DYNSYM, &symbols, &names))
        return false;
    /* A FILE symbol stands before the local symbols of its file; global ones come behind all of them. */
    for (uint64_t i = 0; i < symbols.sh_size / sizeof(Elf64_Sym) && !found; i++) {
        Elf64_Sym symbol;
        memcpy(&symbol, self->bytes + symbols.sh_offset + i * sizeof symbol, sizeof symbol);
        if (ELF64_ST_TYPE(symbol.st_info) == STT_FILE)
            file = symbol_name(self, &names, &symbol);
        if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF || address < symbol.st_value ||
            address - symbol.st_value >= symbol.st_size)
            continue;
        *function = symbol_name(self, &names, &symbol);
        *source = ELF64_ST_BIND(symbol.st_info) == STB_LOCAL ? file : NULL;
        found = true;
    }
    return found;
}

void sna_elf_close(sna_elf *self)
{
    if (self->bytes != NULL)
        (void)munmap((void *)(uintptr_t)self->bytes, (size_t)self->size);
    *self = (sna_elf){NULL, 0};
}
