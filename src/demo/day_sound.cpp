// The sound of the demonstration on its way in: files of recorders, and what was said in them.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "base/thread.h"
#include "demo/day_inside.h"

namespace otklik {
namespace {

namespace json = boost::json;

constexpr int senders = 2;  // taking a file over keeps one core busy: decoding and Opus

}  // namespace

void DemoDay::import_file(Imported& file, const std::string& draft) const {
    sound_.write_wav(*file.file, *file.recorder, draft);
    const std::string target =
        fmt::format("/api/v1/recorders/{}/recordings?name={}.wav&starts_at={}",
                    recorders_.at(file.recorder->key), percent_encode(file.recorder->name),
                    percent_encode(format_instant(file.file->at.begin)));
    const ClientResponse answer =
        send_file_local(socket_path_, target, {{"Content-Type", "audio/wav"}}, draft, {});
    ::unlink(draft.c_str());
    if (answer.status != 201)
        throw Error(Fault::internal, "internal").because("demo: import: " + answer.body);
    file.recording_id = text(json::parse(answer.body), "recording_id");
}

void DemoDay::import_files(bool late) {
    std::vector<Imported> files;
    for (const DemoFile& file : script_.files)
        for (const DemoRecorder& recorder : script_.recorders)
            if (file.late == late && recorder.key == file.recorder)
                files.push_back({&file, &recorder, {}});
    std::atomic<std::size_t> next = 0;
    std::exception_ptr failed;
    std::mutex failing;
    {
        std::vector<std::jthread> threads;
        for (int n = 0; n < senders; ++n)
            threads.emplace_back([&, n] {
                name_thread("demo");
                const std::string draft = fmt::format("{}/recording-{}.wav", draft_folder_, n);
                try {
                    for (std::size_t i = next++; i < files.size(); i = next++) {
                        watch_("recordings", i, files.size());
                        import_file(files[i], draft);
                    }
                } catch (...) {
                    next = files.size();  // the other ends too
                    const std::scoped_lock lock(failing);
                    failed = std::current_exception();
                }
            });
    }
    if (failed) std::rethrow_exception(failed);
    for (const Imported& each : files) {
        ++result_.made["original"];
        ++result_.made["recording_session"];
        result_.made["track"] += each.recorder->channels;
        imported_.push_back(each);
    }
}

void DemoDay::give_words() {
    for (const Imported& each : imported_) {
        json::array segments;
        for (const DemoTalk& talk : script_.talks)
            for (const DemoLine& line : talk.lines) {
                const TimeRange at = each.file->at;
                if (talk.point != each.recorder->point || !at.overlaps(line.at)) continue;
                const TimeRange heard = line.at.meet(at);
                // A line cut by the file's end keeps its text only where most of it was heard.
                if (heard.length().us * 2 < line.at.length().us) continue;
                segments.push_back(
                    json::object{{"begin", static_cast<double>((heard.begin - at.begin).us) / 1e6},
                                 {"end", static_cast<double>((heard.end - at.begin).us) / 1e6},
                                 {"speaker", line.speaker},
                                 {"text", line.text}});
            }
        if (segments.empty()) continue;
        ask("POST",
            fmt::format(
                "/recordings/{}/transcripts?channel=0&format=json&language=ru&source=script",
                each.recording_id),
            json::serialize(json::object{{"segments", segments}}));
        ++result_.made["transcript"];
    }
}

}  // namespace otklik
