#pragma once
// Makes XLSX files by hand, for what no writer would make. Tests only.
#include <zip.h>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace otklik::testkit {

struct ZipEntry {
    std::string name, bytes;
    bool encrypted = false;
};

inline std::string make_zip(const std::vector<ZipEntry>& entries) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    if (!zip) throw std::runtime_error("zip_open_from_source");
    zip_source_keep(target);
    for (const ZipEntry& each : entries) {
        zip_source_t* source = zip_source_buffer(zip, each.bytes.data(), each.bytes.size(), 0);
        const auto at = zip_file_add(zip, each.name.c_str(), source, ZIP_FL_ENC_UTF_8);
        if (each.encrypted)
            zip_file_set_encryption(zip, static_cast<zip_uint64_t>(at), ZIP_EM_AES_256, "secret");
    }
    if (zip_close(zip) != 0) throw std::runtime_error("zip_close");
    zip_source_open(target);
    zip_source_seek(target, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(target)), '\0');
    zip_source_seek(target, 0, SEEK_SET);
    zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    zip_source_free(target);
    return bytes;
}

/// A workbook of parts; `sheets` gives the XML of each by name, the rest can be replaced.
struct HandBook {
    std::vector<std::pair<std::string, std::string>> sheets;  // name, inner XML of <worksheet>
    std::string workbook_pr;                                  // <workbookPr date1904="1"/>
    std::string shared;                                       // inner XML of <sst>
    std::string styles;                                       // inner XML of <styleSheet>
    std::map<std::string, std::string> more;                  // other parts, or others instead

    std::string bytes() const {
        constexpr std::string_view head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        std::string names, relations;
        std::map<std::string, std::string> parts;
        for (std::size_t i = 0; i < sheets.size(); ++i) {
            const std::string n = std::to_string(i + 1);
            names += "<sheet name=\"" + sheets[i].first + "\" sheetId=\"" + n + "\" r:id=\"rId" +
                     n + "\"/>";
            relations += "<Relationship Id=\"rId" + n +
                         "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                         "relationships/worksheet\" Target=\"worksheets/sheet" +
                         n + ".xml\"/>";
            parts["xl/worksheets/sheet" + n + ".xml"] =
                std::string(head) + "<worksheet>" + sheets[i].second + "</worksheet>";
        }
        parts["xl/workbook.xml"] = std::string(head) + "<workbook>" + workbook_pr + "<sheets>" +
                                   names + "</sheets></workbook>";
        parts["xl/_rels/workbook.xml.rels"] =
            std::string(head) + "<Relationships>" + relations + "</Relationships>";
        parts["xl/sharedStrings.xml"] = std::string(head) + "<sst>" + shared + "</sst>";
        parts["xl/styles.xml"] = std::string(head) + "<styleSheet>" + styles + "</styleSheet>";
        for (const auto& [name, bytes] : more) parts[name] = bytes;
        std::vector<ZipEntry> entries;
        for (auto& [name, bytes] : parts) entries.push_back({name, bytes});
        return make_zip(entries);
    }
};

}  // namespace otklik::testkit
