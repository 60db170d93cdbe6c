"""Why a file is not taken or not handed out: each cause in its own sentence."""

from __future__ import annotations

from typing import Any

from shuniu.foundation.access import YES, Refused, Verdict, Who, refuse, register_refusals
from shuniu.foundation.files.models import Attachment, Blob

register_refusals(
    {
        "files.empty": "“{name}”是空文件（0 字节）。请检查原文件，重新选择后上传。",
        "files.too_large": "“{name}”超过 {limit}。请压缩图片或拆成几个文件后再上传。",
        "files.wrong_type": "“{name}”的内容是{found}，这里只收 {allowed}。请转换格式后再上传。",
        "files.ending": (
            "“{name}”的内容是{found}，和文件名的后缀不符。请在原来的软件里另存为正确的格式，不要只改后缀。"
        ),
        "files.old_office": (
            "“{name}”是旧版 Office 格式，里面可能藏有宏。请用 Office 或 WPS 另存为新格式后再上传，这里收 {allowed}。"
        ),
        "files.encrypted_pdf": "“{name}”设了打开密码，看不到内容。请去掉密码，另存后重新上传。",
        "files.encrypted_office": (
            "“{name}”是加密的 Office 文件，打不开。请在原来的软件里取消密码，另存后重新上传。"
        ),
        "files.encrypted_zip": "“{name}”是带密码的压缩包，打不开。请重新打包，不要设密码。",
        "files.macros": "“{name}”带有宏，不能上传。请另存为不含宏的格式后再上传，这里收 {allowed}。",
        "files.damaged_zip": "“{name}”已损坏，解不开。请用原来的软件重新保存，再上传。",
        "files.damaged_pdf": "“{name}”已损坏或没有传完整，打不开。请用原来的软件重新导出 PDF，再上传。",
        "files.damaged_picture": "“{name}”这张图片已损坏或没有传完整，打不开。请重新拍照或导出，再上传。",
        "files.bomb": (
            "“{name}”展开后大得不正常（文件过多，或体积超过 {limit}），已拒收。"
            "请只保留需要的内容，重新保存后再上传。"
        ),
        "files.path": "“{name}”里有不安全的文件路径，已拒收。请用系统自带的压缩功能重新打包。",
        "files.program": "“{name}”里有程序或嵌套的压缩包（{entry}），已拒收。请只打包文档和图片。",
        "files.polyglot": "“{name}”同时是两种文件，已拒收。请用原来的软件重新导出后再上传。",
        "files.too_complex": (
            "“{name}”太复杂，系统在规定时间内没有检查完。请另存为 PDF 或拆成几个文件后再上传。"
        ),
        "files.broken": "“{name}”没有传完，网络中断了。请检查网络后重新上传。",
        "files.no_room": "服务器暂时存不下“{name}”。已经填写的内容不受影响，请稍后再试，或联系系统管理员。",
        "files.name": "文件名不能用：{why}。请改名后再上传。",
        "files.infected": "“{name}”查出病毒，已隔离。请用杀毒软件清理原文件后重新上传。",
        "files.waiting": "“{name}”正在查毒，通常一两分钟内完成。请稍后再打开。",
        "files.lost": "“{name}”在服务器上找不到了。请联系系统管理员从备份恢复。",
        "files.removed": "“{name}”已删除。请先恢复它。",
    }
)


class FileRefused(Refused):
    """A file that is not taken; `verdict.reason` is the sentence for beside the field."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(refuse(code, **words))


def may_hand_out(who: Who, attachment: Attachment) -> Verdict:
    """Whether the bytes leave the house; that the asker may read the record, its slice has decided."""
    match attachment.blob.scan:
        case Blob.Scan.CLEAN:
            return YES
        case Blob.Scan.INFECTED:
            return refuse("files.infected", name=attachment.name)
        case _:
            return refuse("files.waiting", name=attachment.name)
