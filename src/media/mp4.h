#pragma once
// MP4 of a clip: the same Opus packets as its Ogg file, for players without Ogg (Safari). Own boxes
// after ISO/IEC 14496-12 and "Encapsulation of Opus in ISO Base Media File Format" 0.6.8: no
// fragments, moov before mdat, one track at 48 kHz; the edit list cuts the pre-skip and says the
// exact length. A reader that ignores its end plays at most one packet more. Thread: any, pure.
#include <string>

#include "media/ogg.h"

namespace otklik {

/// `ogg`: a mono Ogg Opus file of our own making. Throws Error{internal, "audio.segment_damaged"}
/// when it is none.
std::string mp4_of_ogg(ByteView ogg);

}  // namespace otklik
