#include "paper/zip_parts.h"

#include <zip.h>

#include <set>
#include <vector>

#include "base/text.h"
#include "paper/sheet_inside.h"

namespace otklik {
namespace {

constexpr std::size_t piece_bytes = 128 << 10;

Error broken_zip(std::string_view detail) {
    return Error(Fault::invalid, "sheet.zip").because(detail);
}

/// Names that would leave a folder. We unpack into memory alone; who packs so means harm.
bool leaves_folder(std::string_view name) {
    return name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos ||
           name == ".." || name.starts_with("../") || name.find("/../") != std::string_view::npos ||
           name.ends_with("/..") || (name.size() > 1 && name[1] == ':');
}

}  // namespace

struct ZipParts::Inside {
    const SheetLimits& limits;
    zip_t* archive = nullptr;

    Inside(std::string_view bytes, const SheetLimits& bounds) : limits(bounds) {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
        if (source) archive = zip_open_from_source(source, ZIP_RDONLY, &error);
        const std::string detail = archive ? "" : zip_error_strerror(&error);
        if (!archive && source) zip_source_free(source);
        zip_error_fini(&error);
        if (!archive) throw broken_zip(detail);
    }
    ~Inside() { zip_discard(archive); }

    void look_at_all() const {
        const zip_int64_t count = zip_get_num_entries(archive, 0);
        if (count < 0 || static_cast<std::size_t>(count) > limits.parts_max)
            throw too_large("sheet.parts", limits.parts_max);
        std::set<std::string> names;
        for (zip_int64_t i = 0; i < count; ++i) {
            zip_stat_t stat;
            if (zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat) != 0 ||
                !(stat.valid & ZIP_STAT_NAME))
                throw broken_zip("no stat");
            if (leaves_folder(stat.name) || !is_utf8(stat.name) || !names.insert(stat.name).second)
                throw Error(Fault::invalid, "sheet.zip_name");
            if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
                throw Error(Fault::invalid, "sheet.encrypted");
            if ((stat.valid & ZIP_STAT_COMP_METHOD) && stat.comp_method != ZIP_CM_STORE &&
                stat.comp_method != ZIP_CM_DEFLATE)
                throw broken_zip("packed by a method that XLSX does not use");
        }
    }
};

ZipParts::ZipParts(std::string_view bytes, const SheetLimits& limits)
    : inside_(std::make_unique<Inside>(bytes, limits)) {
    inside_->look_at_all();
}

ZipParts::~ZipParts() = default;

bool ZipParts::has(const std::string& name) const {
    return zip_name_locate(inside_->archive, name.c_str(), 0) >= 0;
}

void ZipParts::read(const std::string& name,
                    const std::function<void(std::string_view)>& piece) const {
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
        zip_fopen(inside_->archive, name.c_str(), 0), &zip_fclose);
    if (!file) throw broken_zip(name + " is missing");
    std::vector<char> bytes(piece_bytes);
    std::size_t total = 0;
    for (;;) {
        const zip_int64_t got = zip_fread(file.get(), bytes.data(), bytes.size());
        if (got < 0) throw broken_zip(name);
        if (got == 0) return;
        total += static_cast<std::size_t>(got);
        if (total > inside_->limits.part_bytes_max)
            throw too_large("sheet.unpacked", inside_->limits.part_bytes_max / (1 << 20));
        piece({bytes.data(), static_cast<std::size_t>(got)});
    }
}

}  // namespace otklik
