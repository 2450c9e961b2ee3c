#include "paper/xml_walk.h"

#include <expat.h>

#include <exception>

#include "base/error.h"

namespace otklik {
namespace {

constexpr int depth_max = 64;
/// One tag or run of text longer than this is nothing that a spreadsheet writes; Expat reads an
/// unfinished one again with each piece.
constexpr std::int64_t unread_bytes_max = 1 << 20;

std::string_view without_prefix(std::string_view name) {
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
    for (const char** pair = pairs_; *pair; pair += 2)
        if (without_prefix(pair[0]) == name) return pair[1];
    return {};
}

struct XmlWalk::Inside {
    XmlReader& reader;
    XML_Parser parser;
    std::exception_ptr thrown;  // nothing may fly through C
    int depth = 0;
    std::int64_t fed = 0;

    explicit Inside(XmlReader& r) : reader(r), parser(XML_ParserCreate(nullptr)) {
        if (!parser) throw Error(Fault::internal, "internal").because("XML_ParserCreate");
        XML_SetUserData(parser, this);
        XML_SetElementHandler(parser, &Inside::begin, &Inside::end);
        XML_SetCharacterDataHandler(parser, &Inside::text);
        XML_SetStartDoctypeDeclHandler(parser, &Inside::doctype);
    }
    ~Inside() { XML_ParserFree(parser); }

    template <class Work>
    static void guarded(void* user, Work&& work) {
        auto& self = *static_cast<Inside*>(user);
        if (self.thrown) return;
        try {
            work(self);
        } catch (...) {
            self.thrown = std::current_exception();
            XML_StopParser(self.parser, XML_FALSE);
        }
    }
    static void begin(void* user, const char* name, const char** attributes) {
        guarded(user, [&](Inside& self) {
            if (++self.depth > depth_max)
                throw Error(Fault::invalid, "sheet.xml").because("too deep");
            self.reader.on_begin(without_prefix(name), XmlAttributes(attributes));
        });
    }
    static void end(void* user, const char* name) {
        guarded(user, [&](Inside& self) {
            --self.depth;
            self.reader.on_end(without_prefix(name));
        });
    }
    static void text(void* user, const char* bytes, int count) {
        guarded(user, [&](Inside& self) {
            self.reader.on_text({bytes, static_cast<std::size_t>(count)});
        });
    }
    static void doctype(void* user, const char*, const char*, const char*, int) {
        guarded(user, [](Inside&) { throw Error(Fault::invalid, "sheet.doctype"); });
    }

    void parse(std::string_view piece, bool last) {
        const auto status =
            XML_Parse(parser, piece.data(), static_cast<int>(piece.size()), last ? 1 : 0);
        if (thrown) std::rethrow_exception(thrown);
        if (status != XML_STATUS_OK)
            throw Error(Fault::invalid, "sheet.xml")
                .because(XML_ErrorString(XML_GetErrorCode(parser)));
        fed += static_cast<std::int64_t>(piece.size());
        if (!last && fed - XML_GetCurrentByteIndex(parser) > unread_bytes_max)
            throw Error(Fault::invalid, "sheet.xml").because("a tag without end");
    }
};

XmlWalk::XmlWalk(XmlReader& reader) : inside_(std::make_unique<Inside>(reader)) {}
XmlWalk::~XmlWalk() = default;

void XmlWalk::feed(std::string_view piece) {
    inside_->parse(piece, false);
}

void XmlWalk::finish() {
    inside_->parse({}, true);
}

}  // namespace otklik
