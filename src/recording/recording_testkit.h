#pragma once
// What tests over recordings share: a company with a point, a recorder that stands there, and sound
// with a known shape. Thread: the test's.
#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/hash.h"
#include "people/people.h"
#include "recording/import.h"
#include "recording/recording.h"
#include "sites/sites.h"
#include "store/blobs.h"
#include "store/store.h"

namespace otklik::testkit {

/// A helper beside the tests, or where the variable says; empty when it is not built.
inline std::string helper_path(const char* variable, const std::string& name) {
    if (const char* given = std::getenv(variable)) return given;
    const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    const std::string folder = name.substr(name.find('-') + 1);
    for (const auto& place :
         {here / name, here / folder / name, here.parent_path() / folder / name})
        if (std::filesystem::exists(place)) return place.string();
    return {};
}
inline std::string decoder() {
    return helper_path("OTKLIK_DECODE", "otklik-decode");
}

/// Folder of the shared data; empty when it is absent.
inline std::string shared_folder() {
    if (const char* given = std::getenv("OTKLIK_SHARED")) return given;
    const auto beside = std::filesystem::path(__FILE__).parent_path() / "../../../shared";
    return std::filesystem::exists(beside / "data") ? beside.lexically_normal().string() : "";
}

/// True when the command ran well; its output is dropped.
inline bool run_tool(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}
inline bool tool_is_there(const std::string& name) {
    return run_tool("command -v " + name);
}

/// Interleaved PCM, 16 bit, as a WAV file.
inline std::string wav_file(const std::vector<std::int16_t>& pcm, int rate, int channels = 1) {
    const auto put = [](std::string& out, std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
    };
    const auto data = static_cast<std::uint32_t>(pcm.size() * 2);
    std::string out = "RIFF";
    put(out, data + 36, 4);
    out += "WAVEfmt ";
    put(out, 16, 4);
    put(out, 1, 2);
    put(out, static_cast<std::uint32_t>(channels), 2);
    put(out, static_cast<std::uint32_t>(rate), 4);
    put(out, static_cast<std::uint32_t>(rate * channels * 2), 4);
    put(out, static_cast<std::uint32_t>(channels * 2), 2);
    put(out, 16, 2);
    out += "data";
    put(out, data, 4);
    const std::size_t at = out.size();
    out.resize(at + data);
    std::memcpy(out.data() + at, pcm.data(), data);
    return out;
}

/// Quiet noise, and bursts of a tone of 200 ms that begin at each whole second but the first.
inline std::vector<std::int16_t> bursts(double seconds, int rate, double tone = 440) {
    std::vector<std::int16_t> pcm(static_cast<std::size_t>(seconds * rate));
    std::uint32_t noise = 1;
    for (std::size_t i = 0; i < pcm.size(); ++i) {
        noise = noise * 1'664'525 + 1'013'904'223;
        const double t = static_cast<double>(i) / rate;
        const bool sounding = t >= 1 && t - std::floor(t) < 0.2;
        const double quiet = static_cast<double>(noise >> 24) - 128;
        pcm[i] = static_cast<std::int16_t>(
            quiet / 4 + (sounding ? 9'000 * std::sin(6.283185307 * tone * t) : 0));
    }
    return pcm;
}

/// A company with one point, its lawful basis and one recorder there since 2020.
class RecordingWorld {
public:
    RecordingWorld(Store& store, const Clock& clock, const std::string& folder,
                   const std::string& zone = "Asia/Yekaterinburg")
        : store_(store),
          folder_(folder),
          blobs(folder + "/data", clock, 0),
          importer(store, blobs, recording, sites, {decoder()}, clock) {
        store.write([&](Tx& tx) { make(tx, zone); });
    }
    /// Imports bytes as a file of the recorder.
    ImportResult import(const std::string& bytes, const std::string& name,
                        std::optional<Instant> starts_at, bool second = false) {
        ImportRequest request;
        request.recorder_id = recorder;
        request.draft_path = blobs.draft_path();
        const Fd fd = open_file(request.draft_path, O_WRONLY | O_CREAT);
        write_all(fd.get(), bytes);
        request.bytes = static_cast<std::int64_t>(bytes.size());
        request.sha256 = sha256(bytes);
        request.name = name;
        request.starts_at = starts_at;
        request.second = second;
        request.imported_by = "console:test";
        return importer.import(Scope::system(), request);
    }
    std::string read_draft(const std::string& path) const { return read_file(path, 1 << 30); }
    /// Files below the data folder.
    std::size_t file_count() const {
        std::size_t n = 0;
        for (const auto& each : std::filesystem::recursive_directory_iterator(folder_ + "/data"))
            n += each.is_regular_file() ? 1 : 0;
        return n;
    }
    std::vector<RecordingSession> sessions() {
        return store_.read([&](Tx& tx) {
            std::vector<RecordingSession> all;
            for (const Stretch& s :
                 recording.coverage(Scope::system(), tx, point.id, {{0}, {INT64_MAX / 2}})
                     .stretches)
                all.push_back(s.session);
            return all;
        });
    }
    const std::string& folder() const { return folder_; }

private:
    void make(Tx& tx, const std::string& zone) {
        company = people.make_company(tx, "Автосервис").value;
        Site site;
        site.company_id = company;
        site.name = "Мира, 1";
        site.zone = zone;
        Point made;
        made.site_id = sites.make_site(tx, site);
        made.name = "Приёмка";
        point = sites.get_point(Scope::system(), tx, sites.make_point(tx, made));
        Person person;
        person.company_id = company;
        person.unit = people.root_unit(tx, company);
        person.name = "Анна";
        BasisCard card;
        card.ground = "participant";
        card.notice = "voice";
        card.signage = "door";
        card.consent = "order 1";
        card.confirmed_by = people.make_person(tx, person);
        sites.confirm_basis(tx, point, card);
        Recorder box;
        box.company_id = company;
        box.unit = point.unit;
        box.name = "Диктофон";
        recorder = recording.make_recorder(tx, box);
        recording.place(tx, recorder, point, {1'577'836'800'000'000});
    }

    Store& store_;
    std::string folder_;

public:
    People people;
    Sites sites{people};
    Blobs blobs;
    Recording recording{sites};
    Importer importer;
    std::int64_t company = 0;
    Point point;
    Id<Recorder> recorder;
};

}  // namespace otklik::testkit
