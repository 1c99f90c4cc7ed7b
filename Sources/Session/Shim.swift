import Display
import JSONText
extension DisplayValue { func bundle(numbers: NumberFormat) -> MIMEBundle { MIMEBundle(plain: "\(self)") } }
extension Table { func bundle(tidy: TidyTable?, numbers: NumberFormat) -> MIMEBundle { MIMEBundle(plain: tidy.map { "\($0.columns)" } ?? "") } }
extension TidyTable { var dataResource: JSONValue { .null } }
enum HTMLText { static func escaped(_ s: String) -> String { s } }
enum LaTeXText { static func escaped(_ s: String) -> String { s } }
